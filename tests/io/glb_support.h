/* GLB files made in memory. */
#ifndef TEST_GLB_SUPPORT_H
#define TEST_GLB_SUPPORT_H

#include "io_support.h"

typedef struct glb_builder {
    unsigned char bytes[16384];
    size_t size;
} glb_builder;

static inline void put32(unsigned char *at, size_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

/* A GLB of this JSON and these floats, and zeros up to forty, as its BIN chunk. */
static inline momui_bytes make_glb(glb_builder *glb, const char *json, const float *floats,
                                   size_t count) {
    float padded_floats[64] = {0};
    size_t text = strlen(json), padded = (text + 3) / 4 * 4;
    unsigned char *at = glb->bytes;
    assert_true(count <= 40 && 28 + padded + 160 <= sizeof glb->bytes);
    memcpy(padded_floats, floats, 4 * count);
    count = 40;
    memcpy(at, "glTF", 4);
    put32(at + 4, 2);
    glb->size = 28 + padded + 4 * count;
    put32(at + 8, glb->size);
    put32(at + 12, padded);
    memcpy(at + 16, "JSON", 4);
    memset(at + 20, ' ', padded);
    memcpy(at + 20, json, text);
    at += 20 + padded;
    put32(at, 4 * count);
    memcpy(at + 4, "BIN", 4);
    memcpy(at + 8, padded_floats, 4 * count);
    momui_bytes bytes;
    momui_bytes_from_memory(glb->bytes, glb->size, &bytes);
    bytes.name = "dance.glb";
    return bytes;
}

/* A skeleton of three bones under an armature that stands upright by a quarter turn and is scaled
 * by 100, its pelvis 0.01 along (metres: 1 m up), bent at the knee by track 0. %s: interpolation,
 * then more. */
#define GLB_HEAD                                                                                   \
    "{\"asset\":{\"version\":\"2.0\"},"                                                            \
    "\"nodes\":[{\"name\":\"Armature\",\"rotation\":[-0.70710678,0,0,0.70710678],"                 \
    "\"scale\":[100,100,100],\"children\":[1]},"                                                   \
    "{\"name\":\"hips\",\"translation\":[0,0,0.01],\"children\":[2,3]},"                           \
    "{\"name\":\"leg\",\"translation\":[0,0,-0.005]},"                                             \
    "{\"name\":\"head\",\"translation\":[0,0,0.006]}],"                                            \
    "\"skins\":[{\"joints\":[1,2,3]}],\"buffers\":[{\"byteLength\":400}],"
#define GLB_VIEWS                                                                                  \
    "\"bufferViews\":[{\"buffer\":0,\"byteLength\":12},"                                           \
    "{\"buffer\":0,\"byteOffset\":12,\"byteLength\":144}],"                                        \
    "\"accessors\":[{\"bufferView\":0,\"componentType\":5126,\"count\":3,\"type\":\"SCALAR\"},"    \
    "{\"bufferView\":1,\"componentType\":5126,\"count\":3,\"type\":\"VEC4\"},"                     \
    "{\"bufferView\":1,\"componentType\":5126,\"count\":3,\"type\":\"VEC3\"},"                     \
    "{\"bufferView\":1,\"componentType\":5126,\"count\":9,\"type\":\"VEC3\"}],"
#define GLB_TURN                                                                                   \
    "\"animations\":[{\"name\":\"bend\",\"samplers\":[{\"input\":0,\"output\":1}],"                \
    "\"channels\":[{\"sampler\":0,\"target\":{\"node\":1,\"path\":\"rotation\"}}]}]}"

#endif
