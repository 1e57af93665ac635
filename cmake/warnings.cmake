set(KERAFT_SANITISED OFF)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  set(KERAFT_SANITISED ON)
endif()

function(keraft_warnings target)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers>
    # GCC 12 sees copies out of bounds inside std::string's own operator+ (GCC bug 105651); Clang builds the same files.
    # Under sanitizers it takes std's own members for uninitialised too (GCC bug 105562).
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict;-Wno-stringop-overflow;-Wno-array-bounds;$<$<BOOL:${KERAFT_SANITISED}>:-Wno-maybe-uninitialized>>
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${KERAFT_WERROR}>>:-Werror>)
endfunction()
