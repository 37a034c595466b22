/* Nodes, and which of them are the skeleton: the joints of the skin, or without a skin the smallest
 * tree that holds every animated node. */
#include "io/glb/glb_file.h"

#include <math.h>
#include <string.h>

static momu_status read_numbers(const momui_json *node, const char *key, size_t count, double *out,
                                momu_error *error) {
    const momui_json *list = NULL;
    if (!momui_json_find(node, key))
        return MOMU_OK;
    MOMUI_TRY(momui_json_array(node, key, count, count, &list, error));
    for (size_t i = 0; i < count; i++)
        MOMUI_TRY(momui_json_as_double(momui_json_at(list, i), -1e9, 1e9, &out[i], error));
    return MOMU_OK;
}

static momu_status read_node(const momui_json *json, momui_glb_node *node, momu_error *error) {
    double turn[4] = {0, 0, 0, 1}, columns[16];
    MOMUI_TRY(momui_json_as_object(json, error));
    *node = (momui_glb_node){.parent = -1, .joint = -1, .scale = {1, 1, 1}};
    MOMUI_TRY(read_numbers(json, "translation", 3, node->translation, error));
    MOMUI_TRY(read_numbers(json, "scale", 3, node->scale, error));
    MOMUI_TRY(read_numbers(json, "rotation", 4, turn, error));
    node->rotation = momui_quat_unit(momui_quat_of(turn[3], turn[0], turn[1], turn[2]));
    node->matrix = momui_json_find(json, "matrix") != NULL;
    if (node->matrix) {
        MOMUI_TRY(read_numbers(json, "matrix", 16, columns, error));
        for (int i = 0; i < 12; i++)
            node->base[i] = columns[i % 4 * 4 + i / 4];
    }
    return MOMU_OK;
}

static momu_status link_children(const momui_glb *glb, momui_glb_tree *tree, momu_error *error) {
    for (size_t i = 0; i < tree->count; i++) {
        const momui_json *node = momui_json_at(glb->nodes, i), *children = NULL;
        if (!momui_json_find(node, "children"))
            continue;
        MOMUI_TRY(momui_json_array(node, "children", 0, tree->count, &children, error));
        for (size_t c = 0; c < momui_json_count(children); c++) {
            const momui_json *child = momui_json_at(children, c);
            int64_t index = 0;
            MOMUI_TRY(momui_json_as_int(child, 0, (int64_t)tree->count - 1, &index, error));
            if (tree->nodes[index].parent >= 0)
                return momui_json_fail(child, error, "node %lld has two parents", (long long)index);
            tree->nodes[index].parent = (int32_t)i;
        }
    }
    return MOMU_OK;
}

/* Parents first, depth first. Nodes that no root leads to form a cycle. `stack` has room for every
 * node. */
static momu_status sort_nodes(const momui_glb *glb, momui_glb_tree *tree, int32_t *stack,
                              momu_error *error) {
    size_t used = 0;
    for (size_t root = 0; root < tree->count; root++) {
        size_t waiting = 0;
        if (tree->nodes[root].parent < 0)
            stack[waiting++] = (int32_t)root;
        while (waiting > 0) {
            int32_t node = stack[--waiting];
            tree->order[used++] = node;
            const momui_json *children =
                momui_json_find(momui_json_at(glb->nodes, (size_t)node), "children");
            for (size_t c = children ? momui_json_count(children) : 0; c-- > 0;) {
                int64_t index = 0;
                MOMUI_TRY(momui_json_as_int(momui_json_at(children, c), 0, (int64_t)tree->count - 1,
                                            &index, error));
                stack[waiting++] = (int32_t)index;
            }
        }
    }
    tree->order_count = used;
    return used == tree->count
               ? MOMU_OK
               : momui_json_fail(glb->nodes, error, "nodes are their own ancestors");
}

/* ---- which nodes are joints ---- */

static momu_status mark_animated(const momui_glb *glb, momui_glb_tree *tree, momu_error *error) {
    for (size_t a = 0; a < momui_json_count(glb->animations); a++) {
        const momui_json *channels = NULL, *target = NULL;
        MOMUI_TRY(momui_json_array(momui_json_at(glb->animations, a), "channels", 0, SIZE_MAX,
                                   &channels, error));
        for (size_t c = 0; c < momui_json_count(channels); c++) {
            size_t node = 0;
            const char *path = NULL;
            MOMUI_TRY(momui_json_object(momui_json_at(channels, c), "target", &target, error));
            if (!momui_json_find(target, "node"))
                continue;
            MOMUI_TRY(momui_glb_index(target, "node", glb->nodes, &node, error));
            MOMUI_TRY(momui_json_string(target, "path", &path, error));
            tree->nodes[node].moved |= strcmp(path, "translation") == 0;
            tree->nodes[node].animated |= strcmp(path, "weights") != 0;
        }
    }
    return MOMU_OK;
}

/* The joints of the first skin. *found false when the file has no skin. */
static momu_status mark_skin(const momui_glb *glb, momui_glb_tree *tree, bool *found,
                             momu_error *error) {
    const momui_json *skins = NULL, *joints = NULL;
    *found = false;
    if (!momui_json_find(glb->json, "skins"))
        return MOMU_OK;
    MOMUI_TRY(momui_json_array(glb->json, "skins", 0, SIZE_MAX, &skins, error));
    if (momui_json_count(skins) == 0)
        return MOMU_OK;
    MOMUI_TRY(momui_json_array(momui_json_at(skins, 0), "joints", 1, tree->count, &joints, error));
    for (size_t i = 0; i < momui_json_count(joints); i++) {
        int64_t node = 0;
        MOMUI_TRY(
            momui_json_as_int(momui_json_at(joints, i), 0, (int64_t)tree->count - 1, &node, error));
        tree->nodes[node].joint = 0;
    }
    *found = true;
    return MOMU_OK;
}

/* Grows the marks so that one node leads to them all, and marks the nodes between. Counts
 * bottom-up: the lowest node above all marked ones is the root. */
static momu_status close_marks(const momui_glb *glb, momui_glb_tree *tree, bool whole_tree,
                               int32_t *below, momu_error *error) {
    int32_t marked = 0, root = -1;
    memset(below, 0, tree->count * sizeof *below);
    for (size_t i = tree->count; i-- > 0;) {
        int32_t node = tree->order[i];
        if (tree->nodes[node].joint >= 0)
            marked++, below[node]++;
        if (tree->nodes[node].parent >= 0)
            below[tree->nodes[node].parent] += below[node];
    }
    for (size_t i = 0; i < tree->count; i++)
        if (below[tree->order[i]] == marked)
            root = tree->order[i]; /* the last in depth-first order is the deepest */
    if (root < 0)
        return momui_json_fail(glb->nodes, error,
                               "the joints have several roots; one skeleton is read");
    for (size_t i = 0; i < tree->count; i++) {
        int32_t node = tree->order[i], parent = tree->nodes[node].parent;
        bool inside = node == root || (parent >= 0 && tree->nodes[parent].joint >= 0);
        /* Below the root: everything, or what leads to a mark. */
        tree->nodes[node].joint = inside && (whole_tree || below[node] > 0) ? 0 : -1;
    }
    return MOMU_OK;
}

static int32_t count_children(const momui_glb_tree *tree, int32_t joint) {
    int32_t children = 0;
    for (int32_t j = joint + 1; j < tree->joint_count; j++)
        children += tree->nodes[tree->joints[j]].parent == tree->joints[joint];
    return children;
}

/* Joints at the top with one child that moves by itself, down to one from which the body branches,
 * only move the body as a whole: their motion is added to that joint's. */
static int32_t drop_carriers(const momui_glb_tree *tree) {
    int32_t carriers = 0;
    for (int32_t j = 0; j + 1 < tree->joint_count && count_children(tree, j) == 1; j++) {
        if (!tree->nodes[tree->joints[j + 1]].moved)
            break;
        if (count_children(tree, j + 1) > 1)
            carriers = j + 1;
    }
    for (int32_t j = 0; j < carriers; j++)
        tree->nodes[tree->joints[j]].joint = -1;
    return carriers;
}

static momu_status number_joints(const momui_glb *glb, momui_glb_tree *tree, momu_error *error) {
    int32_t count = 0;
    for (size_t i = 0; i < tree->count; i++)
        count += tree->nodes[tree->order[i]].joint >= 0;
    if (count > MOMUI_MAX_JOINTS)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %d joints, at most %d are read",
                          glb->bytes->name, (int)count, MOMUI_MAX_JOINTS);
    tree->joints = momui_alloc(glb->memory, (size_t)count, sizeof *tree->joints);
    if (!tree->joints)
        return momui_fail_memory(error, "the joints");
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[tree->order[i]].joint >= 0)
            tree->joints[tree->joint_count++] = tree->order[i];
    int32_t dropped = drop_carriers(tree);
    tree->joint_count -= dropped;
    memmove(tree->joints, tree->joints + dropped, (size_t)tree->joint_count * sizeof *tree->joints);
    for (int32_t j = 0; j < tree->joint_count; j++)
        tree->nodes[tree->joints[j]].joint = j;
    return MOMU_OK;
}

/* Leaves in `order` only the joints and what is above them: nothing else is posed. */
static void trim_order(momui_glb_tree *tree, int32_t *needed) {
    memset(needed, 0, tree->count * sizeof *needed);
    for (size_t i = tree->order_count; i-- > 0;) {
        int32_t node = tree->order[i], parent = tree->nodes[node].parent;
        needed[node] |= tree->nodes[node].joint >= 0;
        if (parent >= 0)
            needed[parent] |= needed[node];
    }
    size_t kept = 0;
    for (size_t i = 0; i < tree->order_count; i++)
        if (needed[tree->order[i]])
            tree->order[kept++] = tree->order[i];
    tree->order_count = kept;
}

static momu_status read_tree(const momui_glb *glb, momui_glb_tree *tree, int32_t *scratch,
                             momu_error *error) {
    bool skin = false;
    for (size_t i = 0; i < tree->count; i++)
        MOMUI_TRY(read_node(momui_json_at(glb->nodes, i), &tree->nodes[i], error));
    MOMUI_TRY(link_children(glb, tree, error));
    MOMUI_TRY(sort_nodes(glb, tree, scratch, error));
    MOMUI_TRY(mark_animated(glb, tree, error));
    MOMUI_TRY(mark_skin(glb, tree, &skin, error));
    bool any = skin;
    for (size_t i = 0; !skin && i < tree->count; i++) {
        tree->nodes[i].joint = tree->nodes[i].animated ? 0 : -1;
        any |= tree->nodes[i].animated;
    }
    if (!any)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: no animation moves a node",
                          glb->bytes->name);
    MOMUI_TRY(close_marks(glb, tree, !skin, scratch, error));
    MOMUI_TRY(number_joints(glb, tree, error));
    trim_order(tree, scratch);
    return MOMU_OK;
}

momu_status momui_glb_tree_read(const momui_glb *glb, momui_glb_tree *tree, momu_error *error) {
    *tree = (momui_glb_tree){.count = glb->nodes ? momui_json_count(glb->nodes) : 0};
    if (tree->count == 0 || !glb->animations || momui_json_count(glb->animations) == 0)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: a GLB file without %s", glb->bytes->name,
                          tree->count == 0 ? "nodes" : "animations");
    tree->nodes = momui_calloc(glb->memory, tree->count, sizeof *tree->nodes);
    tree->order = momui_calloc(glb->memory, tree->count, sizeof *tree->order);
    int32_t *scratch = momui_calloc(glb->memory, tree->count, sizeof *scratch);
    momu_status status = tree->nodes && tree->order && scratch
                             ? read_tree(glb, tree, scratch, error)
                             : momui_fail_memory(error, "the nodes of a GLB file");
    momui_free(scratch);
    if (status != MOMU_OK)
        momui_glb_tree_free(tree);
    return status;
}

void momui_glb_tree_free(momui_glb_tree *tree) {
    momui_free(tree->nodes);
    momui_free(tree->order);
    momui_free(tree->joints);
    *tree = (momui_glb_tree){0};
}
