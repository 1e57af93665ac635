#include <fmt/format.h>

#include <new>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"

namespace keraft::cli {
namespace {

Exit command(int argc, char** argv) {
  CLI::App app("TensorFlow graphs to Keras layers.");
  app.name("keraft");
  app.set_version_flag("--version", std::string("keraft ") + keraft_version());
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 the comparison differs, 2 usage, 3 IN is unreadable, malformed or refused, 4 something is "
      "unsupported,\n"
      "5 OUT could not be written, 6 over the budget, 70 a bug in keraft, 130 interrupted. On every code but 0 and 1 OUT is as "
      "it was.");
  Exit done = exit_usage;
  add_convert(app, done);
  add_inspect(app, done);
  add_verify(app, done);
  add_run(app, done);
  add_transfer(app, done);
  add_doctor(app, done);
  add_support(app, done);
  try {
    app.parse(argc, argv);
    return done;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return exit_done;
    }
    print_error(fmt::format("{}\n  keraft --help tells more\n", error.what()));
    return exit_usage;
  }
}

}  // namespace
}  // namespace keraft::cli

int main(int argc, char** argv) {
  using namespace keraft::cli;
  install_signal_handlers();
  try {
    return command(argc, argv);
  } catch (const Failure& failure) {
    print_error(failure.what());
    return failure.code();
  } catch (const keraft::raii::Error& error) {
    print_error(error.what());
    return exit_of(error, During::reading);
  } catch (const std::bad_alloc&) {
    print_error("out of memory");
    return exit_budget;
  } catch (const std::exception& error) {
    print_error(error.what());
    return exit_internal;
  }
}
