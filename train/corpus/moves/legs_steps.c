/* The figures of the legs, as a dancer would count them. A line: count, foot, how, to the left,
 * ahead, body turned (degrees to the left), lower by. Places are from the foot's own place in a
 * stance at home; all lines are for a dancer who begins with the left foot. */
#include "train/corpus/moves/legs.h"

#define STEP MOMUI_STEP
#define ROCK MOMUI_ROCK
#define TOUCH MOMUI_TOUCH
#define HEEL MOMUI_HEEL
#define KICK MOMUI_KICK
#define KNEE MOMUI_KNEE
#define CURL MOMUI_CURL
#define SLIDE MOMUI_SLIDE
#define JUMP MOMUI_JUMP
#define PIVOT MOMUI_PIVOT
#define TWIST MOMUI_TWIST
#define SHIFT MOMUI_SHIFT

static const momui_legs_step step_touch[] = {{1, 'L', STEP, .36f, 0, 0, .02f},
                                             {2, 'R', TOUCH, .32f, .02f, 0, 0},
                                             {3, 'R', STEP, -.04f, 0, 0, .02f},
                                             {4, 'L', TOUCH, 0, .02f, 0, 0}};

static const momui_legs_step two_step[] = {
    {1, 'L', STEP, .34f, 0, 0, .02f},  {2, 'R', STEP, .30f, 0, 0, 0},
    {3, 'L', STEP, .64f, 0, 0, .02f},  {4, 'R', TOUCH, .60f, .02f, 0, 0},
    {5, 'R', STEP, .28f, 0, 0, .02f},  {6, 'L', STEP, .30f, 0, 0, 0},
    {7, 'R', STEP, -.04f, 0, 0, .02f}, {8, 'L', TOUCH, 0, .02f, 0, 0}};

static const momui_legs_step march[] = {{1, 'L', STEP, 0, 0, 0, 0},
                                        {1, 'R', KNEE, 0, 0, 0, 0},
                                        {2, 'R', STEP, 0, 0, 0, 0},
                                        {2, 'L', KNEE, 0, 0, 0, 0}};

static const momui_legs_step walk[] = {{1, 'L', STEP, 0, .34f, 0, .01f},
                                       {2, 'R', STEP, 0, .68f, 0, .01f}};

static const momui_legs_step forward_and_back[] = {
    {1, 'L', STEP, 0, .32f, 0, .01f}, {2, 'R', STEP, 0, .64f, 0, .01f},
    {3, 'L', STEP, 0, .92f, 0, .01f}, {4, 'R', TOUCH, .02f, .90f, 0, 0},
    {5, 'R', STEP, 0, .60f, 0, .02f}, {6, 'L', STEP, 0, .32f, 0, .02f},
    {7, 'R', STEP, 0, 0, 0, .02f},    {8, 'L', TOUCH, -.02f, .02f, 0, 0}};

static const momui_legs_step grapevine[] = {
    {1, 'L', STEP, .30f, 0, 0, .01f},  {2, 'R', STEP, .62f, -.16f, 12, .03f},
    {3, 'L', STEP, .66f, 0, 0, .01f},  {4, 'R', TOUCH, .62f, .02f, 0, 0},
    {5, 'R', STEP, .34f, 0, 0, .01f},  {6, 'L', STEP, 0, -.16f, -12, .03f},
    {7, 'R', STEP, -.04f, 0, 0, .01f}, {8, 'L', TOUCH, 0, .02f, 0, 0}};

static const momui_legs_step jazz_box[] = {{1, 'L', STEP, -.26f, .24f, -8, .02f},
                                           {2, 'R', STEP, -.02f, -.12f, 0, .03f},
                                           {3, 'L', STEP, .16f, -.08f, 6, .01f},
                                           {4, 'R', STEP, .04f, .04f, 0, 0}};

static const momui_legs_step cha_cha[] = {
    {1, 'L', STEP, .02f, 0, 0, .01f},      {2, 'R', ROCK, .06f, -.30f, 8, .02f},
    {3, 'L', STEP, .02f, .01f, 0, .01f},   {4, 'R', STEP, -.18f, 0, 0, .01f},
    {4.5f, 'L', STEP, -.16f, 0, 0, 0},     {5, 'R', STEP, -.38f, 0, 0, .02f},
    {6, 'L', ROCK, -.38f, .28f, -8, .02f}, {7, 'R', STEP, -.36f, .01f, 0, .01f},
    {8, 'L', STEP, -.16f, 0, 0, .01f},     {8.5f, 'R', STEP, -.18f, 0, 0, 0}};

static const momui_legs_step waltz_box[] = {{1, 'L', STEP, 0, .36f, 0, .05f},
                                            {2, 'R', STEP, -.26f, .36f, 0, 0},
                                            {3, 'L', STEP, -.24f, .36f, 0, -.01f},
                                            {4, 'R', STEP, -.26f, 0, 0, .05f},
                                            {5, 'L', STEP, 0, 0, 0, 0},
                                            {6, 'R', STEP, 0, 0, 0, -.01f}};

static const momui_legs_step waltz_turn[] = {
    {1, 'L', STEP, .02f, .34f, 35, .05f},  {2, 'R', STEP, .04f, .46f, 70, 0},
    {3, 'L', STEP, .06f, .46f, 90, -.01f}, {4, 'R', STEP, .30f, .42f, 125, .05f},
    {5, 'L', STEP, .34f, .40f, 160, 0},    {6, 'R', STEP, .34f, .40f, 180, -.01f}};

static const momui_legs_step waltz_balance[] = {
    {1, 'L', STEP, .34f, 0, 0, .05f},   {2, 'R', STEP, .24f, -.10f, 8, 0},
    {3, 'L', STEP, .34f, 0, 0, .01f},   {4, 'R', STEP, -.06f, 0, 0, .05f},
    {5, 'L', STEP, .06f, -.10f, -8, 0}, {6, 'R', STEP, -.06f, 0, 0, .01f}};

static const momui_legs_step waltz_sway[] = {
    {1, 'L', STEP, .28f, 0, 6, .05f},   {2, 'R', TOUCH, .20f, .04f, 6, 0},
    {3, '-', SHIFT, .95f, 0, 6, -.02f}, {4, 'R', STEP, 0, 0, -6, .05f},
    {5, 'L', TOUCH, .08f, .04f, -6, 0}, {6, '-', SHIFT, -.95f, 0, -6, -.02f}};

static const momui_legs_step charleston[] = {{1, 'L', STEP, 0, .22f, 0, .03f},
                                             {2, 'R', KICK, 0, .55f, 0, .01f},
                                             {3, 'R', STEP, 0, -.08f, 0, .03f},
                                             {4, 'L', TOUCH, 0, -.38f, 0, .04f}};

static const momui_legs_step charleston_kicks[] = {
    {1, 'L', STEP, 0, .04f, 0, .03f},  {2, 'R', KICK, 0, .50f, 0, .01f},
    {3, 'R', STEP, 0, -.02f, 0, .03f}, {4, 'L', CURL, 0, -.05f, 0, .04f},
    {5, 'L', STEP, 0, .04f, 0, .03f},  {6, 'R', KICK, -.12f, .46f, 0, .01f},
    {7, 'R', STEP, 0, -.02f, 0, .03f}, {8, 'L', KICK, .12f, .46f, 0, .01f}};

static const momui_legs_step kick_ball_change[] = {{1, 'L', KICK, 0, .45f, 0, .01f},
                                                   {1.5f, 'L', ROCK, 0, -.12f, 0, .01f},
                                                   {2, 'R', STEP, -.02f, .02f, 0, .03f},
                                                   {3, 'L', STEP, .12f, .04f, 0, .02f},
                                                   {4, 'R', STEP, -.06f, .04f, 0, .03f}};

static const momui_legs_step lunge[] = {{1, 'L', STEP, .02f, .50f, 0, .14f},
                                        {2, 'L', STEP, 0, 0, 0, 0},
                                        {3, 'R', STEP, -.02f, .50f, 0, .14f},
                                        {4, 'R', STEP, 0, 0, 0, 0}};

static const momui_legs_step side_lunge[] = {{1, 'L', STEP, .44f, 0, 10, .13f},
                                             {2, 'L', STEP, 0, 0, 0, 0},
                                             {3, 'R', STEP, -.44f, 0, -10, .13f},
                                             {4, 'R', STEP, 0, 0, 0, 0}};

static const momui_legs_step running_man[] = {
    {1, 'L', JUMP, 0, .20f, 0, .05f},  {1, 'R', SLIDE, 0, -.24f, 0, .05f},
    {1.5f, 'L', SLIDE, 0, 0, 0, .01f}, {1.5f, 'R', KNEE, 0, .04f, 0, .01f},
    {2, 'R', JUMP, 0, .20f, 0, .05f},  {2, 'L', SLIDE, 0, -.24f, 0, .05f},
    {2.5f, 'R', SLIDE, 0, 0, 0, .01f}, {2.5f, 'L', KNEE, 0, .04f, 0, .01f}};

static const momui_legs_step jump[] = {{1, 'B', JUMP, 0, 0, 0, .08f},
                                       {2, '-', SHIFT, 0, 0, 0, .13f}};

static const momui_legs_step jump_out_in[] = {{1, 'L', JUMP, .18f, 0, 0, .08f},
                                              {1, 'R', JUMP, -.18f, 0, 0, .08f},
                                              {2, 'L', JUMP, 0, 0, 0, .02f},
                                              {2, 'R', JUMP, 0, 0, 0, .02f}};

static const momui_legs_step jump_cross[] = {
    {1, 'L', JUMP, .16f, 0, 0, .06f},     {1, 'R', JUMP, -.16f, 0, 0, .06f},
    {2, 'L', JUMP, -.17f, .10f, 0, .03f}, {2, 'R', JUMP, .17f, -.10f, 0, .03f},
    {3, 'L', JUMP, .16f, 0, 0, .06f},     {3, 'R', JUMP, -.16f, 0, 0, .06f},
    {4, 'L', JUMP, .02f, 0, 0, .02f},     {4, 'R', JUMP, -.02f, 0, 0, .02f}};

static const momui_legs_step hop_switch[] = {{1, 'L', JUMP, -.06f, 0, 0, .03f},
                                             {1, 'R', KICK, -.04f, .34f, 0, .03f},
                                             {2, 'R', JUMP, .06f, 0, 0, .03f},
                                             {2, 'L', KICK, .04f, .34f, 0, .03f}};

static const momui_legs_step heel_switch[] = {{1, 'R', JUMP, .04f, 0, 0, .03f},
                                              {1, 'L', HEEL, .04f, .30f, 0, .03f},
                                              {2, 'L', JUMP, -.04f, 0, 0, .03f},
                                              {2, 'R', HEEL, -.04f, .30f, 0, .03f}};

static const momui_legs_step three_step_turn[] = {{1, 'L', STEP, .30f, 0, 90, .02f},
                                                  {2, 'R', STEP, .62f, 0, 225, .01f},
                                                  {3, 'L', STEP, .84f, 0, 360, .02f},
                                                  {4, 'R', TOUCH, .82f, .02f, 360, .01f}};

static const momui_legs_step half_pivot[] = {{1, 'L', STEP, -.28f, .36f, -10, .03f},
                                             {2, 'B', PIVOT, 0, .18f, -165, .01f},
                                             {3, 'L', STEP, 0, .02f, -180, .02f},
                                             {4, 'R', STEP, 0, .02f, -180, .01f}};

static const momui_legs_step paddle_turn[] = {
    {1, 'L', STEP, 0, 0, 0, .02f},           {1.5f, 'R', TOUCH, -.06f, .06f, 30, 0},
    {2, 'L', PIVOT, 0, 0, 90, .03f},         {3, 'L', PIVOT, 0, 0, 180, .02f},
    {3, 'R', TOUCH, -.08f, .02f, 180, .02f}, {4, 'R', STEP, 0, 0, 180, .03f}};

static const momui_legs_step spin[] = {
    {1, 'L', STEP, .16f, .08f, -20, .05f}, {2, 'L', PIVOT, 0, 0, 140, 0},
    {2, 'R', STEP, 0, 0, 140, 0},          {3, 'R', PIVOT, 0, 0, 290, 0},
    {3, 'L', STEP, 0, 0, 290, 0},          {4, 'L', PIVOT, 0, 0, 360, .04f},
    {4, 'R', STEP, 0, 0, 360, .04f}};

static const momui_legs_step toe_taps[] = {{1, 'L', TOUCH, .02f, .26f, 0, .02f},
                                           {2, 'L', STEP, 0, 0, 0, 0},
                                           {3, 'R', TOUCH, -.02f, .26f, 0, .02f},
                                           {4, 'R', STEP, 0, 0, 0, 0}};

static const momui_legs_step side_taps[] = {{1, 'L', TOUCH, .34f, 0, -8, .04f},
                                            {2, 'L', STEP, 0, 0, 0, 0},
                                            {3, 'R', TOUCH, -.34f, 0, 8, .04f},
                                            {4, 'R', STEP, 0, 0, 0, 0}};

static const momui_legs_step heel_digs[] = {{1, 'L', HEEL, .03f, .36f, -6, .03f},
                                            {2, 'L', STEP, 0, 0, 0, 0},
                                            {3, 'R', HEEL, -.03f, .36f, 6, .03f},
                                            {4, 'R', STEP, 0, 0, 0, 0}};

static const momui_legs_step knee_lifts[] = {{1, 'L', STEP, .14f, 0, 0, .04f},
                                             {2, 'R', KNEE, .08f, .04f, 8, 0},
                                             {3, 'R', STEP, -.14f, 0, 0, .04f},
                                             {4, 'L', KNEE, -.08f, .04f, -8, 0}};

static const momui_legs_step hamstring_curls[] = {{1, 'L', STEP, .20f, 0, 0, .04f},
                                                  {2, 'R', CURL, .10f, 0, 0, .01f},
                                                  {3, 'R', STEP, -.20f, 0, 0, .04f},
                                                  {4, 'L', CURL, -.10f, 0, 0, .01f}};

static const momui_legs_step mambo_rock[] = {
    {1, 'L', ROCK, 0, .28f, -6, .03f},  {2, 'R', STEP, 0, .01f, 0, .01f},
    {3, 'L', STEP, 0, -.04f, 0, .02f},  {4, '-', SHIFT, .9f, 0, 0, .03f},
    {5, 'R', ROCK, 0, -.32f, -6, .03f}, {6, 'L', STEP, 0, -.01f, 0, .01f},
    {7, 'R', STEP, 0, 0, 0, .02f},      {8, '-', SHIFT, -.9f, 0, 0, .03f}};

static const momui_legs_step salsa_side[] = {
    {1, 'L', ROCK, .32f, 0, 8, .03f},   {2, 'R', STEP, -.02f, .01f, 0, .01f},
    {3, 'L', STEP, -.02f, 0, 0, .02f},  {4, '-', SHIFT, .8f, 0, 0, .03f},
    {5, 'R', ROCK, -.32f, 0, -8, .03f}, {6, 'L', STEP, .02f, .01f, 0, .01f},
    {7, 'R', STEP, .02f, 0, 0, .02f},   {8, '-', SHIFT, -.8f, 0, 0, .03f}};

static const momui_legs_step rumba_box[] = {
    {1, 'L', STEP, 0, .30f, -6, .03f},    {2, '-', SHIFT, .95f, 0, -6, .01f},
    {3, 'R', STEP, -.26f, .30f, 0, .02f}, {4, 'L', STEP, -.24f, .30f, 0, .01f},
    {5, 'R', STEP, -.26f, 0, 6, .03f},    {6, '-', SHIFT, -.95f, 0, 6, .01f},
    {7, 'L', STEP, 0, 0, 0, .02f},        {8, 'R', STEP, 0, 0, 0, .01f}};

static const momui_legs_step cuban_walk[] = {{1, 'L', STEP, -.06f, .26f, -8, .02f},
                                             {2, '-', SHIFT, .98f, 0, -10, .03f},
                                             {3, 'R', STEP, .06f, .52f, 8, .02f},
                                             {4, '-', SHIFT, -.98f, 0, 10, .03f}};

static const momui_legs_step bachata[] = {
    {1, 'L', STEP, .28f, 0, 0, .02f}, {2, 'R', STEP, .26f, 0, 0, .01f},
    {3, 'L', STEP, .54f, 0, 0, .02f}, {4, 'R', TOUCH, .48f, .03f, 8, .03f},
    {5, 'R', STEP, .26f, 0, 0, .02f}, {6, 'L', STEP, .28f, 0, 0, .01f},
    {7, 'R', STEP, 0, 0, 0, .02f},    {8, 'L', TOUCH, .06f, .03f, -8, .03f}};

static const momui_legs_step groove[] = {{1, '-', SHIFT, .75f, 0, 6, .05f},
                                         {2, '-', SHIFT, -.75f, 0, -6, .05f}};

static const momui_legs_step bounce[] = {{1, '-', SHIFT, 0, 0, 0, .08f}};

static const momui_legs_step slow_sway[] = {{1, '-', SHIFT, .6f, 0, 7, .05f},
                                            {2, '-', SHIFT, .85f, 0, 10, .07f},
                                            {3, '-', SHIFT, -.6f, 0, -7, .05f},
                                            {4, '-', SHIFT, -.85f, 0, -10, .07f}};

static const momui_legs_step wide_bounce[] = {
    {1, 'L', STEP, .20f, .02f, 0, .10f}, {2, '-', SHIFT, -.5f, 0, -10, .13f},
    {3, '-', SHIFT, .5f, 0, 10, .10f},   {4, '-', SHIFT, -.6f, 0, 0, .13f},
    {5, 'L', STEP, 0, 0, 0, .04f},       {6, 'R', STEP, -.20f, .02f, 0, .10f},
    {7, '-', SHIFT, .6f, 0, 10, .13f},   {8, 'R', STEP, 0, 0, 0, .05f}};

static const momui_legs_step dembow[] = {{1, 'L', STEP, .16f, 0, 8, .07f},
                                         {2, 'R', TOUCH, .10f, .04f, -4, .10f},
                                         {3, 'R', STEP, -.16f, 0, -8, .07f},
                                         {4, 'L', TOUCH, -.10f, .04f, 4, .10f}};

static const momui_legs_step skank[] = {{1, 'L', JUMP, 0, .02f, 10, .05f},
                                        {1, 'R', KNEE, 0, .06f, 10, .05f},
                                        {2, 'R', JUMP, 0, .02f, -10, .05f},
                                        {2, 'L', KNEE, 0, .06f, -10, .05f}};

static const momui_legs_step two_step_drum[] = {
    {1, 'L', JUMP, .05f, .06f, 6, .04f},   {1, 'R', KICK, -.04f, .34f, 6, .04f},
    {1.5f, 'R', STEP, 0, -.04f, 0, .03f},  {2, 'L', STEP, 0, -.02f, 0, .05f},
    {3, 'R', JUMP, -.05f, .06f, -6, .04f}, {3, 'L', KICK, .04f, .34f, -6, .04f},
    {3.5f, 'L', STEP, 0, -.04f, 0, .03f},  {4, 'R', STEP, 0, -.02f, 0, .05f}};

static const momui_legs_step twist[] = {{1, 'B', TWIST, 0, 0, 40, .07f},
                                        {2, 'B', TWIST, 0, 0, -40, .09f}};

static const momui_legs_step shuffle[] = {
    {1, 'L', SLIDE, .18f, .06f, 0, .04f},  {1, 'R', KNEE, .10f, .02f, 0, .04f},
    {2, 'R', SLIDE, .04f, 0, 0, .04f},     {2, 'L', TOUCH, .22f, .02f, 0, .04f},
    {3, 'R', SLIDE, -.18f, .06f, 0, .04f}, {3, 'L', KNEE, -.10f, .02f, 0, .04f},
    {4, 'L', SLIDE, -.04f, 0, 0, .04f},    {4, 'R', TOUCH, -.22f, .02f, 0, .04f}};

static const momui_legs_step slide[] = {{1, 'L', STEP, .46f, 0, 0, .09f},
                                        {2, 'R', SLIDE, .42f, 0, 0, .01f},
                                        {3, 'R', STEP, -.04f, 0, 0, .09f},
                                        {4, 'L', SLIDE, 0, 0, 0, .01f}};

static const momui_legs_step triple_step[] = {
    {1, 'L', STEP, .18f, 0, 0, .03f},    {1.5f, 'R', STEP, .14f, 0, 0, .02f},
    {2, 'L', STEP, .34f, 0, 0, .04f},    {3, 'R', STEP, .14f, 0, 0, .03f},
    {3.5f, 'L', STEP, .18f, 0, 0, .02f}, {4, 'R', STEP, 0, 0, 0, .04f}};

static const momui_legs_step lindy_basic[] = {
    {1, 'L', ROCK, .02f, -.32f, 10, .03f}, {2, 'R', STEP, 0, .01f, 0, .03f},
    {3, 'L', STEP, .16f, 0, 0, .03f},      {3.5f, 'R', STEP, .12f, 0, 0, .02f},
    {4, 'L', STEP, .28f, 0, 0, .04f},      {5, 'R', STEP, .12f, 0, 0, .03f},
    {5.5f, 'L', STEP, .14f, 0, 0, .02f},   {6, 'R', STEP, 0, 0, 0, .04f}};

static const momui_legs_step balance[] = {{1, 'L', STEP, .26f, .06f, 0, .03f},
                                          {2, 'R', CURL, .20f, -.16f, 8, -.01f},
                                          {3, 'R', STEP, -.04f, 0, 0, .03f},
                                          {4, 'L', CURL, .02f, -.16f, -8, -.01f}};

static const momui_legs_step ballet_walk[] = {{1, 'L', STEP, -.06f, .34f, 0, .03f},
                                              {2, 'R', TOUCH, .06f, .44f, 0, -.02f},
                                              {3, 'R', STEP, .06f, .70f, 0, .03f},
                                              {4, 'L', TOUCH, -.06f, .80f, 0, -.02f}};

static const momui_legs_step sailor[] = {
    {1, 'L', STEP, -.26f, -.16f, 10, .03f}, {1.5f, 'R', STEP, -.12f, 0, 0, .01f},
    {2, 'L', STEP, .08f, .02f, 0, .04f},    {3, 'R', STEP, .26f, -.16f, -10, .03f},
    {3.5f, 'L', STEP, .12f, 0, 0, .01f},    {4, 'R', STEP, -.08f, .02f, 0, .04f}};

static const momui_legs_step cross_points[] = {
    {1, 'L', STEP, -.24f, .18f, -12, .03f}, {2, 'R', TOUCH, -.30f, .14f, 0, .02f},
    {3, 'R', STEP, .20f, .32f, 12, .03f},   {4, 'L', TOUCH, .30f, .28f, 0, .02f},
    {5, 'L', STEP, 0, .02f, 0, .03f},       {6, 'R', TOUCH, -.02f, .04f, 0, .02f},
    {7, 'R', STEP, 0, 0, 0, .02f},          {8, 'L', TOUCH, 0, .04f, 0, .01f}};

static const momui_legs_step v_step[] = {{1, 'L', STEP, .20f, .26f, 0, .02f},
                                         {2, 'R', STEP, -.20f, .26f, 0, .05f},
                                         {3, 'L', STEP, 0, 0, 0, .02f},
                                         {4, 'R', STEP, 0, 0, 0, .01f}};

static const momui_legs_step rock_back[] = {{1, 'L', ROCK, 0, -.30f, 8, .04f},
                                            {2, 'R', STEP, 0, 0, 0, .02f},
                                            {3, 'L', STEP, .04f, .02f, 0, .05f},
                                            {4, '-', SHIFT, -.7f, 0, 0, .06f}};

/* Genres that a figure suits, bit g - 1. */
#define G(g) (1u << ((g)-1))
#define HOUSE G(1)
#define TECHNO G(2)
#define HIPHOP G(3)
#define FUNK G(4)
#define POP G(5)
#define ROCK_MUSIC G(6)
#define SYNTHWAVE G(7)
#define DNB G(8)
#define REGGAETON G(9)
#define CHACHA G(10)
#define RUMBA G(11)
#define WALTZ G(12)
#define SWING G(13)
#define BALLAD G(14)
#define MODERN G(15)
#define CLUB (HOUSE | TECHNO | POP | SYNTHWAVE)
#define LATIN (REGGAETON | CHACHA | RUMBA)
#define STREET (HIPHOP | FUNK | POP | HOUSE)

#define STEPS(table) (table), sizeof(table) / sizeof *(table)

static const momui_legs_pattern patterns[] = {
    /* name, counts, metre, energies, genres, travels, turns, flows; home moves; steps */
    {{"step-touch", 4, 4, 0, .8f, 0, false, false, false}, {0, 0, 0}, STEPS(step_touch)},
    {{"two-step", 8, 4, .2f, .9f, 0, false, false, false}, {0, 0, 0}, STEPS(two_step)},
    {{"march", 2, 4, .3f, 1, CLUB | ROCK_MUSIC | MODERN, false, false, false},
     {0, 0, 0},
     STEPS(march)},
    {{"walk", 2, 4, .1f, .9f, 0, true, false, false}, {0, .68f, 0}, STEPS(walk)},
    {{"forward and back", 8, 4, .2f, .9f, 0, false, false, false},
     {0, 0, 0},
     STEPS(forward_and_back)},
    {{"grapevine", 8, 4, .2f, .9f, CLUB | FUNK | ROCK_MUSIC | SWING, false, false, false},
     {0, 0, 0},
     STEPS(grapevine)},
    {{"jazz box", 4, 4, .2f, .8f, STREET | SWING | SYNTHWAVE, false, false, false},
     {0, 0, 0},
     STEPS(jazz_box)},
    {{"cha-cha basic", 8, 4, .2f, 1, CHACHA | FUNK, false, false, false},
     {0, 0, 0},
     STEPS(cha_cha)},
    {{"waltz box", 6, 3, 0, .9f, WALTZ, false, false, false}, {0, 0, 0}, STEPS(waltz_box)},
    {{"waltz turn", 6, 3, .3f, 1, WALTZ, true, true, false}, {.34f, .40f, 180}, STEPS(waltz_turn)},
    {{"waltz balance", 6, 3, 0, .8f, WALTZ, false, false, false}, {0, 0, 0}, STEPS(waltz_balance)},
    {{"waltz sway", 6, 3, 0, .6f, WALTZ, false, false, true}, {0, 0, 0}, STEPS(waltz_sway)},
    {{"charleston", 4, 4, .3f, 1, SWING | FUNK | HIPHOP | HOUSE, false, false, false},
     {0, 0, 0},
     STEPS(charleston)},
    {{"charleston kicks", 8, 4, .5f, 1, SWING, false, false, false},
     {0, 0, 0},
     STEPS(charleston_kicks)},
    {{"kick-ball-change", 4, 4, .4f, 1, STREET | SWING | ROCK_MUSIC, false, false, false},
     {0, 0, 0},
     STEPS(kick_ball_change)},
    {{"lunge", 4, 4, .3f, .9f, MODERN | BALLAD | ROCK_MUSIC | POP, false, false, false},
     {0, 0, 0},
     STEPS(lunge)},
    {{"side lunge", 4, 4, .3f, 1, MODERN | ROCK_MUSIC | POP | TECHNO, false, false, false},
     {0, 0, 0},
     STEPS(side_lunge)},
    {{"running man", 2, 4, .6f, 1, HIPHOP | HOUSE | TECHNO, false, false, false},
     {0, 0, 0},
     STEPS(running_man)},
    {{"jump", 2, 4, .7f, 1, CLUB | ROCK_MUSIC | DNB, false, false, false}, {0, 0, 0}, STEPS(jump)},
    {{"jumping jack", 2, 4, .6f, 1, CLUB | ROCK_MUSIC, false, false, false},
     {0, 0, 0},
     STEPS(jump_out_in)},
    {{"jump cross", 4, 4, .6f, 1, HIPHOP | HOUSE | POP, false, false, false},
     {0, 0, 0},
     STEPS(jump_cross)},
    {{"hop switch", 2, 4, .5f, 1, TECHNO | ROCK_MUSIC | SWING | DNB, false, false, false},
     {0, 0, 0},
     STEPS(hop_switch)},
    {{"heel switch", 2, 4, .5f, 1, SWING | FUNK | TECHNO | DNB, false, false, false},
     {0, 0, 0},
     STEPS(heel_switch)},
    {{"three-step turn", 4, 4, .3f, 1, POP | LATIN | HOUSE | SYNTHWAVE | MODERN, true, true, false},
     {.84f, 0, 360},
     STEPS(three_step_turn)},
    {{"half pivot", 4, 4, .3f, 1, POP | ROCK_MUSIC | SYNTHWAVE | CHACHA, true, true, false},
     {0, .02f, -180},
     STEPS(half_pivot)},
    {{"paddle turn", 4, 4, .2f, .9f, POP | FUNK | LATIN | HOUSE, false, true, false},
     {0, 0, 180},
     STEPS(paddle_turn)},
    {{"spin", 4, 4, .4f, 1, MODERN | LATIN | SWING | POP, false, true, false},
     {0, 0, 360},
     STEPS(spin)},
    {{"toe taps", 4, 4, 0, .7f, 0, false, false, false}, {0, 0, 0}, STEPS(toe_taps)},
    {{"side taps", 4, 4, .1f, .8f, CLUB | FUNK | LATIN, false, false, false},
     {0, 0, 0},
     STEPS(side_taps)},
    {{"heel digs", 4, 4, .1f, .8f, FUNK | POP | ROCK_MUSIC | SWING, false, false, false},
     {0, 0, 0},
     STEPS(heel_digs)},
    {{"knee lifts", 4, 4, .4f, 1, CLUB | ROCK_MUSIC, false, false, false},
     {0, 0, 0},
     STEPS(knee_lifts)},
    {{"hamstring curls", 4, 4, .3f, .9f, CLUB, false, false, false},
     {0, 0, 0},
     STEPS(hamstring_curls)},
    {{"mambo rock", 8, 4, .2f, .9f, LATIN | FUNK | HOUSE, false, false, false},
     {0, 0, 0},
     STEPS(mambo_rock)},
    {{"salsa side", 8, 4, .2f, 1, LATIN, false, false, false}, {0, 0, 0}, STEPS(salsa_side)},
    {{"rumba box", 8, 4, 0, .7f, RUMBA | BALLAD, false, false, false}, {0, 0, 0}, STEPS(rumba_box)},
    {{"cuban walk", 4, 4, 0, .7f, RUMBA | CHACHA | BALLAD, true, false, true},
     {0, .52f, 0},
     STEPS(cuban_walk)},
    {{"bachata", 8, 4, .1f, .9f, LATIN, false, false, false}, {0, 0, 0}, STEPS(bachata)},
    {{"groove", 2, 0, 0, .8f, 0, false, false, false}, {0, 0, 0}, STEPS(groove)},
    {{"bounce", 1, 0, 0, .9f, 0, false, false, false}, {0, 0, 0}, STEPS(bounce)},
    {{"slow sway", 4, 4, 0, .4f, BALLAD | RUMBA | MODERN | SYNTHWAVE, false, false, true},
     {0, 0, 0},
     STEPS(slow_sway)},
    {{"wide bounce", 8, 4, .2f, 1, REGGAETON | HIPHOP, false, false, false},
     {0, 0, 0},
     STEPS(wide_bounce)},
    {{"dembow", 4, 4, .3f, 1, REGGAETON, false, false, false}, {0, 0, 0}, STEPS(dembow)},
    {{"skank", 2, 4, .5f, 1, DNB | ROCK_MUSIC | TECHNO, false, false, false},
     {0, 0, 0},
     STEPS(skank)},
    {{"drum step", 4, 4, .5f, 1, DNB | HOUSE, false, false, false},
     {0, 0, 0},
     STEPS(two_step_drum)},
    {{"twist", 2, 4, .2f, .9f, ROCK_MUSIC | SWING | FUNK, false, false, false},
     {0, 0, 0},
     STEPS(twist)},
    {{"shuffle", 4, 4, .4f, 1, HOUSE | TECHNO, false, false, false}, {0, 0, 0}, STEPS(shuffle)},
    {{"slide", 4, 4, .2f, .9f, STREET | SYNTHWAVE | MODERN, false, false, false},
     {0, 0, 0},
     STEPS(slide)},
    {{"triple step", 4, 4, .3f, 1, SWING | CHACHA, false, false, false},
     {0, 0, 0},
     STEPS(triple_step)},
    {{"lindy basic", 6, 4, .3f, 1, SWING, false, false, false}, {0, 0, 0}, STEPS(lindy_basic)},
    {{"balance", 4, 4, 0, .6f, BALLAD | MODERN, false, false, true}, {0, 0, 0}, STEPS(balance)},
    {{"ballet walk", 4, 4, 0, .6f, MODERN | BALLAD, true, false, false},
     {0, .70f, 0},
     STEPS(ballet_walk)},
    {{"sailor step", 4, 4, .3f, .9f, STREET | CHACHA, false, false, false},
     {0, 0, 0},
     STEPS(sailor)},
    {{"cross points", 8, 4, .2f, .9f, STREET | SYNTHWAVE | LATIN, false, false, false},
     {0, 0, 0},
     STEPS(cross_points)},
    {{"v-step", 4, 4, .2f, .9f, CLUB | HIPHOP, false, false, false}, {0, 0, 0}, STEPS(v_step)},
    {{"rock back", 4, 4, .1f, .8f, STREET | LATIN | ROCK_MUSIC, false, false, false},
     {0, 0, 0},
     STEPS(rock_back)},
};

size_t momui_legs_count(void) {
    return sizeof patterns / sizeof *patterns;
}

const momui_legs_pattern *momui_legs_pattern_at(size_t index) {
    return index < momui_legs_count() ? &patterns[index] : NULL;
}

const momui_dance_figure *momui_leg_step(size_t index) {
    return index < momui_legs_count() ? &patterns[index].figure : NULL;
}
