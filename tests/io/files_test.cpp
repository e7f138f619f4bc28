// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/files.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

using namespace hearth;
namespace fs = std::filesystem;

TEST_CASE("a file is written whole, replaces the old one and leaves nothing beside it") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a.txt";
  REQUIRE(write_file(file, "one"));
  REQUIRE(write_file(file, std::string("two\0three", 9)));
  CHECK(*read_file(file) == std::string("two\0three", 9));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 1);
}

TEST_CASE("missing folders, folders in place of files and a full disk are named") {
  const TemporaryFolder folder;
  const Result<Done> missing = write_file(folder.path() / "no" / "a.txt", "x");
  CHECK(missing.error().code == ErrorCode::invalid_argument);
  CHECK(missing.error().where == (folder.path() / "no" / "a.txt").string());
  CHECK(read_file(folder.path() / "none").error().code == ErrorCode::not_found);
  CHECK(read_file(folder.path()).error().code == ErrorCode::invalid_argument);
  REQUIRE(write_file(folder.path() / "file", "x"));
  CHECK(make_folder(folder.path() / "file" / "below").error().code == ErrorCode::invalid_argument);
  // /dev/full is a disk without space.
  CHECK(error_from_errno(ENOSPC, "a.mp4").code == ErrorCode::try_again);
}
