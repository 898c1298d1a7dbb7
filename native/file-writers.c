// Whether a file is open for writing, as a Node-API function: hasWriter(fd) is true, false, or undefined where the kernel
// does not tell. Linux grants a read lease only on a file that no process has open or mapped for writing (fcntl(2),
// F_SETLEASE); it is released at once.
//
// The kernel is called without the C library, and Node-API is declared here, so that one file is for all versions of Node and for
// every Linux of its architecture.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
typedef int napi_status;

// https://nodejs.org/api/n-api.html
napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t *count, napi_value *arguments, napi_value *self, void **data);
napi_status napi_get_value_int32(napi_env, napi_value, int32_t *);
napi_status napi_get_boolean(napi_env, bool, napi_value *);
napi_status napi_create_function(napi_env, const char *name, size_t length, napi_callback, void *data, napi_value *);
napi_status napi_set_named_property(napi_env, napi_value object, const char *name, napi_value);

// include/uapi/asm-generic/fcntl.h, linux/fcntl.h and errno-base.h of Linux
enum { F_SETSIG = 10, F_SETLEASE = 1024, F_RDLCK = 0, F_UNLCK = 2, SIGURG = 23, EAGAIN = 11 };

static long fcntl(int fd, int command, long argument) {
#if defined(__x86_64__)
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(72L), "D"((long)fd), "S"((long)command), "d"(argument) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = 25, x0 __asm__("x0") = fd, x1 __asm__("x1") = command, x2 __asm__("x2") = argument;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
#endif
}

static napi_value has_writer(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, answer = NULL;
  int32_t fd;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != 0) return NULL;
  if (count < 1 || napi_get_value_int32(env, argument, &fd) != 0) return NULL;
  // When a process opens the file for writing in the meantime, the kernel sends a signal: not the usual one, which ends a process.
  if (fcntl(fd, F_SETSIG, SIGURG) < 0) return NULL;
  long result = fcntl(fd, F_SETLEASE, F_RDLCK);
  if (result == 0) {
    fcntl(fd, F_SETLEASE, F_UNLCK);
    napi_get_boolean(env, false, &answer);
  } else if (result == -EAGAIN) {
    napi_get_boolean(env, true, &answer);
  }
  return answer;
}

__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  if (napi_create_function(env, "hasWriter", SIZE_MAX, has_writer, NULL, &function) != 0) return NULL;
  return napi_set_named_property(env, exports, "hasWriter", function) == 0 ? exports : NULL;
}
