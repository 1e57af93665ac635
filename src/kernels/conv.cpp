#include "conv.h"

#include <cstring>
#include <optional>
#include <stdexcept>

namespace keraft::kernels {

namespace {

constexpr std::int64_t l2_share = 400 << 10;         // of activations, while panels pass by
constexpr std::int64_t l2_share_beside = 160 << 10;  // when all weights fit beside them
constexpr std::int64_t pointer_share = 64 << 10;

/// The image that the runs point into, with padding cells present or not.
template <class T>
struct Source {
  const T* data;
  std::int64_t h, w, c;
  std::int64_t pad_top, pad_left;
};

/// Fills the pointers that the micro kernel follows: [tile][tap][row].
template <class T>
class Indirection {
 public:
  Indirection(const ConvArgs<T>& args, const Source<T>& source, bool row_runs, const T* zeros)
      : args_(args), source_(source), taps_w_(row_runs ? 1 : args.k_w), zeros_(zeros) {}

  std::int64_t taps() const { return args_.k_h * taps_w_; }

  void fill(const TilePlan& rows, std::int64_t tile0, std::int64_t tile1, const T** to) const {
    std::int64_t row = rows.first(tile0);
    std::int64_t x = row % args_.out_w, y = row / args_.out_w % args_.out_h;
    std::int64_t image = row / (args_.out_w * args_.out_h);
    for (std::int64_t tile = tile0; tile < tile1; ++tile) {
      const int height = rows.height(tile);
      for (int r = 0; r < height; ++r) {
        pixel(image, y, x, height, to + r);
        if (++x == args_.out_w) {
          x = 0;
          if (++y == args_.out_h) {
            y = 0;
            ++image;
          }
        }
      }
      to += taps() * height;
    }
  }

 private:
  void pixel(std::int64_t image, std::int64_t y, std::int64_t x, std::int64_t step, const T** to) const {
    const std::int64_t iy0 = y * args_.stride_h - source_.pad_top;
    const std::int64_t ix0 = x * args_.stride_w - source_.pad_left;
    const std::int64_t down = args_.dilation_h, right = args_.dilation_w;
    const T* corner = source_.data + ((image * source_.h + iy0) * source_.w + ix0) * source_.c;
    const bool inside =
        iy0 >= 0 && ix0 >= 0 && iy0 + (args_.k_h - 1) * down < source_.h && ix0 + (taps_w_ - 1) * right < source_.w;
    for (std::int64_t i = 0; i < args_.k_h; ++i) {
      const std::int64_t iy = iy0 + i * down;
      const T* cell = corner + i * down * source_.w * source_.c;
      for (std::int64_t j = 0; j < taps_w_; ++j, cell += right * source_.c, to += step) {
        const std::int64_t ix = ix0 + j * right;
        *to = inside || (iy >= 0 && iy < source_.h && ix >= 0 && ix < source_.w) ? cell : zeros_;
      }
    }
  }

  const ConvArgs<T>& args_;
  const Source<T>& source_;
  std::int64_t taps_w_;
  const T* zeros_;
};

template <class T>
struct Work {
  const ConvArgs<T>& args;
  const PanelPlan& plan;
  const T* panels;
  const TileSet<T>& tiles;
  TilePlan rows;
  std::int64_t taps, run;
  std::int64_t ld_out, ld_residual;

  /// Tiles [tile0, tile1) times panels [panel0, panel1) of a group; `pointers` are filled.
  void block(std::int64_t tile0, std::int64_t tile1, std::int64_t group, std::int64_t panel0, std::int64_t panel1,
             const T** pointers) const {
    const Epilogue<T>& e = args.epilogue;
    const std::int64_t first = group * plan.n;
    TileArgs<T> t{};
    t.taps = taps;
    t.run = run;
    t.lo = e.lo;
    t.hi = e.hi;
    t.ld_out = ld_out;
    t.ld_residual = ld_residual;
    t.finish = true;
    const T* base = panels + static_cast<std::size_t>(group) * plan.size();
    for (std::int64_t p = panel0; p < panel1; ++p) {
      const std::int64_t column = first + p * plan.nr;
      t.b = base + plan.offset(p);
      t.b_step = plan.width(p);
      t.n = plan.columns(p);
      t.affine = e.from(column);
      t.prefetch_bytes = 0;
      if (p + 1 < panel1) {
        t.prefetch = reinterpret_cast<const char*>(base + plan.offset(p + 1));
        const std::int64_t bytes = plan.k * plan.width(p + 1) * static_cast<std::int64_t>(sizeof(T));
        t.prefetch_bytes = (bytes / (tile1 - tile0) + 63) & ~std::int64_t{63};
      }
      const auto& kernels = plan.width(p) == plan.nr ? tiles.wide : tiles.narrow;
      t.rows = pointers;
      for (std::int64_t tile = tile0; tile < tile1; ++tile) {
        const std::int64_t row = rows.first(tile);
        const int height = rows.height(tile);
        t.out = args.out + row * ld_out + column;
        t.residual = e.residual == nullptr ? nullptr : e.residual + row * ld_residual + column;
        kernels[height](t);
        t.rows += taps * height;
        if (t.prefetch_bytes > 0) t.prefetch += t.prefetch_bytes;
      }
    }
  }
};

/// Copies the images with their padding, so that a kernel row is one run of memory.
template <class T>
void copy_padded(const Kernels& kernels, const ConvArgs<T>& args, const Source<T>& to, T* data) {
  const std::int64_t line = to.w * to.c;
  kernels.threads().parallel_for(args.batch * to.h, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      T* out = data + r * line;
      const std::int64_t y = r % to.h - args.pad_top, image = r / to.h;
      const std::int64_t width = y < 0 || y >= args.in_h ? 0 : std::min(args.in_w, to.w - args.pad_left);
      const std::int64_t left = width <= 0 ? 0 : args.pad_left * to.c;
      const std::int64_t middle = std::max<std::int64_t>(width, 0) * to.c;
      std::fill(out, out + left, T(0));
      if (middle > 0) std::copy_n(args.input + (image * args.in_h + y) * args.in_w * to.c, middle, out + left);
      std::fill(out + left + middle, out + line, T(0));
    }
  });
}

void check(bool ok, const char* text) {
  if (!ok) throw std::invalid_argument(text);
}

template <class T>
std::int64_t tiles_per_block(const Work<T>& work) {
  const auto& args = work.args;
  const auto size = static_cast<std::int64_t>(sizeof(T));
  const std::int64_t height = std::max<std::int64_t>(1, work.rows.base);
  const std::int64_t row = args.in_c * size * std::min<std::int64_t>(args.stride_h * args.stride_w, args.k_h * args.k_w);
  const std::int64_t per_tile = height * (row + work.plan.nr * size);
  const std::int64_t weights = work.plan.k * args.out_c * size;
  const std::int64_t share = weights <= l2_share ? l2_share_beside : l2_share;
  const std::int64_t pointers = height * work.taps * static_cast<std::int64_t>(sizeof(T*));
  std::int64_t most = std::min(share / per_tile, pointer_share / pointers);
  const std::int64_t blocks = (work.rows.tiles + std::max<std::int64_t>(most, 1) - 1) / std::max<std::int64_t>(most, 1);
  most = (work.rows.tiles + blocks - 1) / blocks;
  return std::max<std::int64_t>(1, most);
}

}  // namespace

template <class T>
PackedConv<T> pack_conv(const Kernels& kernels, const ConvArgs<T>& args) {
  check(args.groups >= 1 && args.in_c % args.groups == 0 && args.out_c % args.groups == 0,
        "conv2d: groups do not divide the channels");
  const TileSet<T>& tiles = *kernels.isa().ops<T>().tiles;
  PackedConv<T> packed;
  packed.k_h_ = args.k_h;
  packed.k_w_ = args.k_w;
  packed.in_c_ = args.in_c;
  packed.out_c_ = args.out_c;
  packed.groups_ = args.groups;
  packed.dilation_w_ = args.dilation_w;
  packed.row_runs_ = args.groups == 1 && args.in_c <= 4 && args.k_w > 1 && args.dilation_w == 1;
  packed.plan_ = {args.k_h * args.k_w * (args.in_c / args.groups), args.out_c / args.groups, tiles.nr, tiles.vl};
  const PanelPlan& plan = packed.plan_;
  packed.data_ = Buffer(static_cast<std::size_t>(args.groups) * plan.size() * sizeof(T));
  T* to = packed.data_.template as<T>();
  const std::int64_t panels = plan.count();
  kernels.threads().parallel_for(args.groups * panels, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t group = i / panels, panel = i % panels;
      pack_panel(plan, panel, args.weights + group * plan.n, args.out_c, false,
                 to + static_cast<std::size_t>(group) * plan.size() + plan.offset(panel));
    }
  });
  return packed;
}

template <class T>
void conv2d(const Kernels& kernels, const ConvArgs<T>& args, const PackedConv<T>& weights) {
  const TileSet<T>& tiles = *kernels.isa().ops<T>().tiles;
  check(weights.k_h_ == args.k_h && weights.k_w_ == args.k_w && weights.in_c_ == args.in_c && weights.out_c_ == args.out_c &&
            weights.groups_ == args.groups && weights.dilation_w_ == args.dilation_w,
        "conv2d: the weights were packed for another convolution");
  check(weights.plan_.nr == tiles.nr && weights.plan_.vl == tiles.vl,
        "conv2d: the weights were packed for another instruction set");
  const std::int64_t pixels = args.batch * args.out_h * args.out_w;
  if (pixels <= 0 || args.out_c <= 0) return;

  Source<T> source{args.input, args.in_h, args.in_w, args.in_c, args.pad_top, args.pad_left};
  std::optional<Scratch::Lease> padded;
  const bool row_runs = weights.row_runs_;
  if (row_runs) {
    const std::int64_t need_h = (args.out_h - 1) * args.stride_h + (args.k_h - 1) * args.dilation_h + 1;
    const std::int64_t need_w = (args.out_w - 1) * args.stride_w + args.k_w;
    if (args.pad_top != 0 || args.pad_left != 0 || need_h > args.in_h || need_w > args.in_w) {
      source = {nullptr, need_h, need_w, args.in_c, 0, 0};
      padded.emplace(kernels.scratch(),
                     kernels.scratch().take_buffer(area(args.batch * need_h, need_w * args.in_c) * sizeof(T)));
      copy_padded(kernels, args, source, padded->template as<T>());
      source.data = padded->template as<T>();
    }
  }

  // One zero cell for all groups: a group's offset stays inside it.
  auto zeros = kernels.scratch().take(area(args.in_c, sizeof(T)));
  if (args.in_c > 0) std::fill_n(zeros.template as<T>(), args.in_c, T(0));

  const Epilogue<T>& e = args.epilogue;
  const std::int64_t group_in = args.in_c / args.groups;
  const Indirection<T> indirection(args, source, row_runs, zeros.template as<T>());
  const Work<T> work{args,
                     weights.plan_,
                     weights.data_.template as<T>(),
                     tiles,
                     TilePlan(pixels, tiles.mr),
                     indirection.taps(),
                     row_runs ? args.k_w * args.in_c : group_in,
                     args.ld_out == 0 ? args.out_c : args.ld_out,
                     e.ld_residual == 0 ? args.out_c : e.ld_residual};

  const std::int64_t threads = kernels.threads().count();
  std::int64_t per_block = tiles_per_block(work);
  per_block = std::min(per_block, std::max<std::int64_t>(1, (work.rows.tiles + threads - 1) / threads));
  const std::int64_t blocks = (work.rows.tiles + per_block - 1) / per_block;
  const std::int64_t panels = weights.plan_.count();
  const std::int64_t items = blocks * args.groups;
  const std::int64_t cuts = threads == 1 || items >= 4 * threads ? 1 : std::min(panels, (4 * threads + items - 1) / items);
  const bool small = pixels * args.out_c * weights.plan_.k < 32768;
  const std::size_t pointers = area(per_block * tiles.mr, work.taps) * sizeof(const T*);
  kernels.threads().parallel_for(items * cuts, small ? items * cuts : 1, [&](std::int64_t begin, std::int64_t end) {
    auto lease = kernels.scratch().take(pointers);
    const T** const to = lease.template as<const T*>();
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t cut = i % cuts, group = i / cuts % args.groups;
      const std::int64_t tile0 = i / cuts / args.groups * per_block;
      const std::int64_t tile1 = std::min(tile0 + per_block, work.rows.tiles);
      indirection.fill(work.rows, tile0, tile1, to);
      if (group > 0) {
        const std::int64_t count = (work.rows.first(tile1) - work.rows.first(tile0)) * work.taps;
        for (std::int64_t p = 0; p < count; ++p) to[p] += group * group_in;
      }
      work.block(tile0, tile1, group, panels * cut / cuts, panels * (cut + 1) / cuts, to);
    }
  });
}

template PackedConv<float> pack_conv(const Kernels&, const ConvArgs<float>&);
template PackedConv<double> pack_conv(const Kernels&, const ConvArgs<double>&);
template void conv2d(const Kernels&, const ConvArgs<float>&, const PackedConv<float>&);
template void conv2d(const Kernels&, const ConvArgs<double>&, const PackedConv<double>&);

}  // namespace keraft::kernels
