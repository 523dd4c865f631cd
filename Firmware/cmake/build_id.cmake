# SPDX-License-Identifier: Apache-2.0
#
# SHUNT_BUILD_ID, unless the board file sets it: the start of a hash of all sources and the board file.

if(NOT SHUNT_BUILD_ID)
  file(GLOB_RECURSE files RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.c *.h *.S *.in *.cmake
       CMakeLists.txt)
  list(SORT files)
  set(digests)
  foreach(name IN LISTS files)
    file(SHA256 ${CMAKE_CURRENT_SOURCE_DIR}/${name} digest)
    string(APPEND digests "${name} ${digest}\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${name})
  endforeach()
  file(SHA256 ${SHUNT_BOARD_FILE} digest)
  string(SHA256 digest "${digests}${digest}")
  string(SUBSTRING ${digest} 0 16 SHUNT_BUILD_ID)
endif()
