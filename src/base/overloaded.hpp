// A visitor for std::visit, written as a list of lambdas.
#pragma once

namespace vj {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace vj
