/* Between the files of the GLB writer: glb_write.c lays out the container and its JSON,
 * glb_mesh.c makes the mesh that shows the skeleton. */
#ifndef MOMUI_IO_GLB_GLB_WRITE_H
#define MOMUI_IO_GLB_GLB_WRITE_H

#include "motion/motion.h"
#include "motion/vector.h"

/* The mesh of the rest pose: a spindle along each bone, skinned to the joint at which it begins.
 * Flat faces: corners are not shared. */
typedef struct momui_glb_mesh {
    int32_t corners;
    float *places;    /* (corners, 3) metres */
    float *normals;   /* (corners, 3) */
    uint16_t *joints; /* (corners, 4) */
    float *weights;   /* (corners, 4) */
    float low[3], high[3];
} momui_glb_mesh;

/* rest (joints, 3): where the joints are in the rest pose. Freed with momui_glb_mesh_release().
 */
momu_status momui_glb_mesh_make(momui_memory *memory, const momui_skeleton *skeleton,
                                const momui_vec3 *rest, momui_glb_mesh *mesh, momu_error *error);
void momui_glb_mesh_release(momui_glb_mesh *mesh);

#endif
