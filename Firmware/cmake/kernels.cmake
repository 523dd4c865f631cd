# SPDX-License-Identifier: Apache-2.0
#
# Which kernels are linked: those of SHUNT_KERNEL_SETS whose names stand in SHUNT_KERNELS, or all of
# them if that is empty. A set's public header says what it has.
#
# Writes shunt_board_kernels.c and .h into the build folder.

set(declarations)
set(references)
set(missing ${SHUNT_KERNELS})
foreach(set_name IN LISTS SHUNT_KERNEL_SETS)
  set(header
      ${CMAKE_CURRENT_SOURCE_DIR}/runtime/kernels/${set_name}/include/shunt_kernels_${set_name}.h)
  if(NOT EXISTS ${header})
    message(FATAL_ERROR "SHUNT_KERNEL_SETS names '${set_name}', but there is no ${header}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
  file(STRINGS ${header} lines REGEX "^extern const shunt_kernel_t shunt_.*_${set_name};")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE ".* shunt_(.*)_${set_name}.*" "\\1" name "${line}")
    if(NOT SHUNT_KERNELS OR name IN_LIST SHUNT_KERNELS)
      list(REMOVE_ITEM missing ${name})
      string(APPEND references "    &shunt_${name}_${set_name},\n")
    endif()
  endforeach()
  string(APPEND declarations "#include \"shunt_kernels_${set_name}.h\"\n")
endforeach()
if(missing)
  message(FATAL_ERROR "SHUNT_KERNELS names ${missing}, which SHUNT_KERNEL_SETS "
                      "(${SHUNT_KERNEL_SETS}) does not have")
endif()

string(REGEX MATCHALL "&shunt_" kernel_count "${references}")
list(LENGTH kernel_count SHUNT_KERNEL_COUNT)
set(SHUNT_KERNEL_DECLARATIONS "${declarations}")
set(SHUNT_KERNEL_REFERENCES "${references}")
configure_file(cmake/shunt_board_kernels.c.in generated/shunt_board_kernels.c @ONLY)
configure_file(cmake/shunt_board_kernels.h.in generated/shunt_board_kernels.h @ONLY)
