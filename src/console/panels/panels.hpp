// The parts that the screens are put together from.
#pragma once

#include "console/elements.hpp"
#include "console/model.hpp"

namespace vj::console {

[[nodiscard]] Element title_bar(const Model& model);

// Overview. `width` and `height` are the panel's own.
[[nodiscard]] Element workers_panel(const Model& model, int width, int height);
[[nodiscard]] Element metrics_panel(const Model& model);
[[nodiscard]] Element services_panel(const Model& model, int width);
[[nodiscard]] Element now_panel(const Model& model);

// Playback.
[[nodiscard]] Element playback_state_panel(const Model& model, int width);
[[nodiscard]] Element sources_panel(const Model& model, int width);

// Audio. `width` is the panel's own, `rows` is what it has inside; it leaves out what matters least where there are
// few.
[[nodiscard]] Element audio_analysis_panel(const Model& model, int width, int rows);
[[nodiscard]] Element audio_device_panel(const Model& model, int width, int rows);
// The rows that the device panel could fill.
[[nodiscard]] int audio_device_rows(const Model& model, int width);
[[nodiscard]] Element audio_features_panel(const Model& model, int width);
// Device and features in a few lines, where there is no room for either panel; the last result of a benchmark is in the
// corner's words.
[[nodiscard]] Elements audio_input_lines(const Model& model, int width);
[[nodiscard]] std::string audio_input_corner(const Model& model);
// The toggles, several in a line.
[[nodiscard]] Elements audio_toggle_lines(const Model& model, int width);
[[nodiscard]] Element audio_statistics_panel(const Model& model, int width);
[[nodiscard]] Element audio_benchmark_panel(const Model& model, int width);

// In the place of a screen.
[[nodiscard]] Element help_panel(const Model& model);
[[nodiscard]] Element details_panel(const Model& model);
[[nodiscard]] Element osc_details_panel(const Model& model);

// A panel that has nothing to show yet: "waiting for audio_analyzer", and what its worker does meanwhile.
[[nodiscard]] Element waiting_panel(const Model& model, std::string title, std::string_view worker);

}  // namespace vj::console
