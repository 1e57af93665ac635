#include "gemm.h"

#include <array>
#include <optional>
#include <stdexcept>

namespace keraft::kernels {

namespace {

constexpr std::int64_t k_block = 1024;             // rows of a panel that stay in L1/L2 beside A
constexpr std::int64_t a_block_bytes = 400 << 10;  // share of A that stays in L2
constexpr std::int64_t worth_packing = 24;         // rows from which copying B pays

template <class T>
struct BView {
  PanelPlan plan;
  const T* panels = nullptr;  // packed, or null
  const T* plain = nullptr;   // row-major, used for all full panels when `panels` is null
  std::int64_t ld = 0;
  const T* last = nullptr;  // the last panel when it is not full

  const T* panel(std::int64_t p, std::int64_t k0, std::int64_t& step) const {
    if (panels != nullptr || (last != nullptr && p + 1 == plan.count())) {
      step = plan.width(p);
      return (panels != nullptr ? panels + plan.offset(p) : last) + k0 * step;
    }
    step = ld;
    return plain == nullptr ? nullptr : plain + p * plan.nr + k0 * ld;  // B may be empty
  }
};

/// One block of rows times a range of panels.
template <class T>
void multiply_block(const TileSet<T>& tiles, const GemmArgs<T>& args, const T* a, std::int64_t lda, const TilePlan& rows,
                    std::int64_t tile0, std::int64_t tile1, const BView<T>& b, std::int64_t panel0, std::int64_t panel1) {
  const Epilogue<T>& e = args.epilogue;
  // In parts of K only when B is reused enough to pay for storing C in between. A residual that
  // is C itself must still be there at the end.
  const bool cut = args.k > 2 * k_block && rows.rows > 2 * tiles.mr && e.residual != args.c;
  const std::int64_t parts = cut ? (args.k + k_block - 1) / k_block : 1;
  const std::int64_t part = parts == 1 ? args.k : (args.k + parts - 1) / parts;
  const std::int64_t row0 = rows.first(tile0);
  for (std::int64_t k0 = 0; k0 == 0 || k0 < args.k; k0 += part) {
    const std::int64_t run = std::min(part, args.k - k0);
    for (std::int64_t p = panel0; p < panel1; ++p) {
      TileArgs<T> t{};
      t.taps = 1;
      t.run = run;
      t.b = b.panel(p, k0, t.b_step);
      t.affine = e.from(p * b.plan.nr);
      t.ld_residual = e.ld_residual;
      t.lo = e.lo;
      t.hi = e.hi;
      t.ld_out = args.ldc;
      t.n = b.plan.columns(p);
      t.accumulate = k0 > 0;
      t.finish = k0 + run >= args.k;
      if (b.panels != nullptr && p + 1 < panel1) {
        std::int64_t step = 0;
        t.prefetch = reinterpret_cast<const char*>(b.panel(p + 1, k0, step));
        const std::int64_t bytes = run * step * static_cast<std::int64_t>(sizeof(T));
        t.prefetch_bytes = (bytes / (tile1 - tile0) + 63) & ~std::int64_t{63};
      }
      const auto& kernels = b.plan.width(p) == b.plan.nr ? tiles.wide : tiles.narrow;
      for (std::int64_t tile = tile0; tile < tile1; ++tile) {
        const std::int64_t row = rows.first(tile);
        const int height = rows.height(tile);
        std::array<const T*, max_tile_rows> pointers;
        for (int r = 0; r < height; ++r) pointers[static_cast<std::size_t>(r)] = a + (row - row0 + r) * lda + k0;
        t.rows = pointers.data();
        t.out = args.c + row * args.ldc + p * b.plan.nr;
        t.residual = e.residual == nullptr ? nullptr : e.residual + row * e.ld_residual + p * b.plan.nr;
        kernels[height](t);
        t.prefetch += t.prefetch_bytes;
      }
    }
    if (args.k == 0) break;
  }
}

template <class T>
void multiply(const Kernels& kernels, const GemmArgs<T>& args, const BView<T>& b) {
  const TileSet<T>& tiles = *kernels.isa().ops<T>().tiles;
  const TilePlan rows(args.m, tiles.mr);
  const auto row_bytes = static_cast<std::int64_t>(sizeof(T)) * std::max<std::int64_t>(1, std::min(args.k, 2 * k_block));
  const std::int64_t threads = kernels.threads().count();
  std::int64_t tiles_per_block =
      std::clamp<std::int64_t>(a_block_bytes / (row_bytes * std::max<std::int64_t>(1, rows.base)), 1, rows.tiles);
  // Threads share the rows, and where there are too few of them the columns as well.
  tiles_per_block = std::min(tiles_per_block, std::max<std::int64_t>(1, (rows.tiles + threads - 1) / threads));
  const std::int64_t blocks = (rows.tiles + tiles_per_block - 1) / tiles_per_block;
  const std::int64_t panels = b.plan.count();
  const std::int64_t cuts =
      blocks >= 2 * threads ? 1 : std::clamp<std::int64_t>((2 * threads + blocks - 1) / blocks, 1, panels);
  const bool small = args.m * args.n * std::max<std::int64_t>(args.k, 1) < 32768;
  const std::int64_t columns = threads == 1 ? 1 : cuts;
  kernels.threads().parallel_for(blocks * columns, small ? blocks * columns : 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t tile0 = item / columns * tiles_per_block;
      const std::int64_t tile1 = std::min(tile0 + tiles_per_block, rows.tiles);
      const std::int64_t cut = item % columns;
      const std::int64_t panel0 = panels * cut / columns, panel1 = panels * (cut + 1) / columns;
      const std::int64_t row0 = rows.first(tile0), height = rows.first(tile1) - row0;
      if (!args.transpose_a) {
        multiply_block(tiles, args, args.a + row0 * args.lda, args.lda, rows, tile0, tile1, b, panel0, panel1);
        continue;
      }
      auto lease = kernels.scratch().take(area(height, args.k) * sizeof(T));
      T* copy = lease.template as<T>();
      constexpr std::int64_t square = 16;
      for (std::int64_t r0 = 0; r0 < height; r0 += square)
        for (std::int64_t k = 0; k < args.k; ++k)
          for (std::int64_t r = r0; r < std::min(r0 + square, height); ++r)
            copy[r * args.k + k] = args.a[k * args.lda + row0 + r];
      multiply_block(tiles, args, copy, args.k, rows, tile0, tile1, b, panel0, panel1);
    }
  });
}

template <class T>
PanelPlan plan_for(const Kernels& kernels, std::int64_t k, std::int64_t n) {
  const TileSet<T>& tiles = *kernels.isa().ops<T>().tiles;
  return {k, n, tiles.nr, tiles.vl};
}

template <class T>
void pack(const Kernels& kernels, const PanelPlan& plan, const T* b, std::int64_t ldb, bool transposed, T* to) {
  const std::int64_t grain = std::max<std::int64_t>(1, 65536 / std::max<std::int64_t>(1, plan.k * plan.nr));
  kernels.threads().parallel_for(plan.count(), grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) pack_panel(plan, p, b, ldb, transposed, to + plan.offset(p));
  });
}

template <class T>
void one(const Kernels& kernels, const GemmArgs<T>& args) {
  BView<T> view;
  view.plan = plan_for<T>(kernels, args.k, args.n);
  const bool copy_all = args.transpose_b || args.m >= worth_packing;
  const std::int64_t last = view.plan.count() - 1;
  const bool copy_last = !copy_all && view.plan.columns(last) < view.plan.width(last);
  const std::size_t values = copy_all ? view.plan.size() : copy_last ? area(view.plan.k, view.plan.nr) : 0;
  auto lease = kernels.scratch().take(values * sizeof(T));
  T* to = lease.template as<T>();
  if (copy_all) {
    pack(kernels, view.plan, args.b, args.ldb, args.transpose_b, to);
    view.panels = to;
  } else {
    view.plain = args.b;
    view.ld = args.ldb;
    if (copy_last) {
      pack_panel(view.plan, last, args.b, args.ldb, false, to);
      view.last = to;
    }
  }
  multiply(kernels, args, view);
}

template <class T, class One>
void each_product(const Kernels& kernels, const GemmArgs<T>& args, One&& run) {
  if (args.m <= 0 || args.n <= 0 || args.batch <= 0) return;
  // One product after the other keeps all threads in the same one; only many small ones are
  // handed out whole.
  const std::int64_t work = args.m * args.n * std::max<std::int64_t>(args.k, 1);
  const std::int64_t grain = args.batch >= kernels.threads().count() && work < (std::int64_t{1} << 24)
                                 ? std::max<std::int64_t>(1, 32768 / work)
                                 : args.batch;
  kernels.threads().parallel_for(args.batch, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      GemmArgs<T> each = args;
      each.a += i * args.stride_a;
      if (each.b != nullptr) each.b += i * args.stride_b;
      each.c += i * args.stride_c;
      if (each.epilogue.residual != nullptr) each.epilogue.residual += i * args.stride_residual;
      run(each);
    }
  });
}

}  // namespace

template <class T>
PackedB<T> pack_b(const Kernels& kernels, std::int64_t k, std::int64_t n, const T* b, std::int64_t ldb, bool transposed) {
  PackedB<T> packed;
  packed.plan_ = plan_for<T>(kernels, k, n);
  packed.data_ = Buffer(packed.plan_.size() * sizeof(T));
  pack(kernels, packed.plan_, b, ldb, transposed, packed.data_.template as<T>());
  return packed;
}

template <class T>
void gemm(const Kernels& kernels, const GemmArgs<T>& args) {
  each_product(kernels, args, [&](const GemmArgs<T>& each) { one(kernels, each); });
}

template <class T>
void gemm(const Kernels& kernels, const GemmArgs<T>& args, const PackedB<T>& b) {
  const PanelPlan expected = plan_for<T>(kernels, args.k, args.n);
  if (b.plan_.k != expected.k || b.plan_.n != expected.n || b.plan_.nr != expected.nr || b.plan_.vl != expected.vl)
    throw std::invalid_argument("gemm: B was packed for another shape or instruction set");
  BView<T> view;
  view.plan = b.plan_;
  view.panels = b.data_.template as<T>();
  if (view.panels == nullptr) view.plain = args.b;  // k = 0: nothing is read
  each_product(kernels, args, [&](const GemmArgs<T>& each) { multiply(kernels, each, view); });
}

template PackedB<float> pack_b(const Kernels&, std::int64_t, std::int64_t, const float*, std::int64_t, bool);
template PackedB<double> pack_b(const Kernels&, std::int64_t, std::int64_t, const double*, std::int64_t, bool);
template void gemm(const Kernels&, const GemmArgs<float>&);
template void gemm(const Kernels&, const GemmArgs<double>&);
template void gemm(const Kernels&, const GemmArgs<float>&, const PackedB<float>&);
template void gemm(const Kernels&, const GemmArgs<double>&, const PackedB<double>&);

}  // namespace keraft::kernels
