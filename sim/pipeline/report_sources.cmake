# SPDX-License-Identifier: Apache-2.0
set(report_sources draw_canvas.cpp draw_overlay.cpp draw_replay.cpp report_claims.cpp report_gap.cpp report_look.cpp
    report_media.cpp report_page.cpp report_record.cpp report_run.cpp report_text.cpp report_timeline.cpp
    report_top_view.cpp report_variants.cpp report_verdict.cpp)
