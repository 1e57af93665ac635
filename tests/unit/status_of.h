// The status of the error that a call throws, for tests.
#pragma once

#include "keraft/error.hpp"

template <class Body>
keraft::Status status_of(Body body) {
  try {
    body();
  } catch (const keraft::Error& error) {
    return error.status();
  }
  return keraft::Status::ok;
}
