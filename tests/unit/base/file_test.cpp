#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "../formats/wire_bytes.h"
#include "base/budget.h"
#include "base/file.h"
#include "base/string.h"
#include "status_of.h"

using namespace keraft;

TEST_CASE("only regular files are read") {
  const bytes::Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(status_of([&] { base::File::open(folder / "pipe"); }) == Status::argument);
  CHECK(status_of([&] { base::File::open(folder.path()); }) == Status::argument);
  CHECK(status_of([&] { base::File::open("/dev/zero"); }) == Status::argument);
  CHECK(status_of([&] { base::File::open(folder / "absent"); }) == Status::io);
  CHECK(status_of([&] { base::File::open(std::string("a\0b", 3)); }) == Status::argument);
}

TEST_CASE("reads stay inside the file, also when it shrinks") {
  const bytes::Folder folder;
  const auto file = base::File::open(folder.write("f", "0123456789"));
  CHECK(file->head(100) == "0123456789");
  CHECK(status_of([&] { file->text(9); }) == Status::memory);
  std::vector<std::byte> three(3);
  CHECK(status_of([&] { file->read(8, three); }) == Status::format);
  CHECK(status_of([&] { base::file_range(file, 8, 3); }) == Status::format);
  CHECK(status_of([&] { base::file_range(file, UINT64_MAX, 2); }) == Status::format);
  const auto range = base::file_range(file, 2, 4);
  range->read(1, three);
  CHECK(static_cast<char>(three[0]) == '3');
  std::filesystem::resize_file(folder / "f", 4);
  CHECK(status_of([&] { range->read(1, three); }) == Status::io);
}

TEST_CASE("a file appears whole or not at all") {
  const bytes::Folder folder;
  folder.write("out", "old");
  {
    base::AtomicFile file(folder / "out");
    file.append("new contents");
    CHECK(base::File::open(folder / "out")->head(99) == "old");
  }
  CHECK(base::File::open(folder / "out")->head(99) == "old");
  {
    base::AtomicFile file(folder / "out");
    file.append("new");
    const std::string more = "er";
    file.write(3, std::as_bytes(std::span(more)));
    file.commit();
  }
  CHECK(base::File::open(folder / "out")->head(99) == "newer");
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++files;
  CHECK(files == 1);
}

TEST_CASE("names from files are escaped") {
  CHECK(base::escaped("conv1/kernel") == "conv1/kernel");
  CHECK(base::escaped("a\x1b[31m\n") == "a\\x1b[31m\\x0a");
  CHECK(base::escaped("\xE2\x80\xAE") == "\\u{202e}");
  CHECK(base::escaped("\xC3\xA9\xFF") == "\xC3\xA9\\xff");
  CHECK(base::escaped(std::string(500, 'x'), 10) == std::string(10, 'x') + "…");
  CHECK_FALSE(base::is_utf8("\xC0\x80"));
  CHECK_FALSE(base::is_utf8("\xED\xA0\x80"));
  CHECK(base::is_utf8("\xF0\x9F\x98\x80"));
  CHECK(base::number(0.1) == "0.1");
  CHECK(base::number(3) == "3.0");
  CHECK(base::number(1e300) == "1e+300");
}

TEST_CASE("the budget counts over everything and gives back") {
  Control control;
  control.limits.bytes = 100;
  base::Budget budget(control);
  budget.bytes(60);
  CHECK(status_of([&] { budget.bytes(41); }) == Status::memory);
  budget.release(30);
  budget.bytes(41);
  CHECK(status_of([&] { budget.bytes(UINT64_MAX); }) == Status::memory);
  bool stop = false;
  control.cancelled = [&] { return stop; };
  stop = true;
  CHECK(status_of([&] { budget.work(1); }) == Status::cancelled);
}
