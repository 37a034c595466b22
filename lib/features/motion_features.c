/* Motion to the layout's features and to a keypoint encoder's rows, and back. */
#include "features/features.h"

#include "motion/body.h"
#include "motion/camera.h"
#include "motion/clock.h"

/* The canonical body, and for the layouts of keypoints the body as a camera sees it. */
static momu_status view_body(momui_memory *memory, momui_layout layout, const momui_motion *motion,
                             momui_motion **view, uint32_t *filled, momu_error *error) {
    momui_motion *body = NULL;
    MOMUI_TRY(momui_body_from_motion(memory, motion, &body, filled, error));
    if (layout == MOMUI_LAYOUT_BODY3D) {
        *view = body;
        return MOMU_OK;
    }
    momu_status status = momui_body_project(memory, body, view, error);
    momui_motion_free(body);
    return status;
}

momu_status momui_motion_on_clock(momui_memory *memory, momui_layout layout,
                                  const momui_motion *motion, double rate, int64_t frames,
                                  momui_motion **clocked, uint32_t *filled, momu_error *error) {
    momui_motion *view = NULL;
    *clocked = NULL;
    if (filled)
        *filled = 0;
    if (motion->kind != MOMUI_MOTION_KEYPOINTS) {
        MOMUI_TRY(view_body(memory, layout, motion, &view, filled, error));
        motion = view;
    }
    if (frames < 1)
        frames = momui_motion_frames_at(motion, rate);
    /* Frame k is looked at in its middle. */
    momu_status status =
        momui_motion_resample(memory, motion, rate, 0.5 / rate, frames, clocked, error);
    momui_motion_free(view);
    return status;
}

momu_status momui_motion_features(momui_memory *memory, momui_layout layout,
                                  const momui_motion *clocked, float **features,
                                  momu_error *error) {
    switch (layout) {
    case MOMUI_LAYOUT_POSITIONS2D:
        return momui_positions2d_encode(memory, clocked, features, NULL, error);
    case MOMUI_LAYOUT_DIRECTIONS2D:
        return momui_directions2d_encode(memory, clocked, features, NULL, error);
    case MOMUI_LAYOUT_BODY3D:
        break;
    }
    if (clocked->kind == MOMUI_MOTION_KEYPOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "found 2-D keypoints; this model's layout body3d needs 3-D motion");
    return momui_body3d_encode(memory, clocked, features, NULL, error);
}

momu_status momui_keypoint_features(momui_memory *memory, const momui_motion *clocked, float **rows,
                                    momu_error *error) {
    float *points = NULL;
    momu_status status = MOMU_OK;
    size_t frames = (size_t)clocked->frames;
    float *made = momui_alloc(memory, frames, MOMUI_PROJECTED_FEATURES * sizeof *made);
    uint8_t *seen = momui_alloc(memory, frames, MOMUI_KEYPOINT_JOINTS);
    if (!made || !seen)
        MOMUI_TRY_GOTO(momui_fail_memory(error, "the keypoints"), status, done);
    MOMUI_TRY_GOTO(momui_positions2d_encode(memory, clocked, &points, NULL, error), status, done);
    momui_project_keypoints(clocked, seen);
    momui_keypoint_rows(points, seen, clocked->frames, made);
    *rows = made;
    made = NULL;
done:
    momui_free(made);
    momui_free(seen);
    momui_free(points);
    return status;
}

momu_status momui_motion_from_features(momui_memory *memory, momui_layout layout,
                                       const float *features, int64_t frames, bool foot_lock,
                                       momui_motion **motion, momui_feet_report *feet,
                                       momu_error *error) {
    switch (layout) {
    case MOMUI_LAYOUT_POSITIONS2D:
        return momui_positions2d_decode(memory, features, frames, NULL, NULL, motion, error);
    case MOMUI_LAYOUT_DIRECTIONS2D:
        return momui_directions2d_decode(memory, features, frames, NULL, NULL, motion, error);
    case MOMUI_LAYOUT_BODY3D:
        break;
    }
    return momui_body3d_decode(memory, features, frames, NULL, foot_lock, motion, feet, error);
}
