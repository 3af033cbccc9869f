"""BN254's two groups, as far as a verifier needs them before it lets a point near a pairing.

The curve of EIP-196 and EIP-197: G1 is y² = x³ + 3 over the integers modulo `Q`; G2 lies on the twist y² = x³
+ 3/(9 + i) over pairs a + b·i with i² = -1. All points of the first curve belong to G1. The twist has many
more than G2: a point on it that lies outside G2 pairs to something without meaning, and lets a proof be
forged or varied, so the curve's equation alone does not admit a point.

The subgroup check is that of Dai, Lin, Zhao and Zhou, "Fast subgroup membership testings for G1, G2 and GT on
pairing-friendly curves" (2022/348 on eprint), in the form of Housni, Guillevic and Piellard (2022/352):
[x+1]P + ψ([x]P) + ψ²([x]P) = ψ³([2x]P) holds in G2 and nowhere else on the twist. It takes a quarter of the
time of multiplying by the group's order; a test holds the two against each other.
"""

from __future__ import annotations

from zk._field import R

Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583

Fp2 = tuple[int, int]
"""a + b·i as (a, b)."""
G1 = tuple[int, int]
G2 = tuple[Fp2, Fp2]
_Jacobian = tuple[Fp2, Fp2, Fp2]

G1_GENERATOR: G1 = (1, 2)

# What the curve's two orders are computed from: Q = 36x⁴ + 36x³ + 24x² + 6x + 1.
BN_X = 4965661367192848881


def fp2_mul(a: Fp2, b: Fp2) -> Fp2:
    t0, t1 = a[0] * b[0], a[1] * b[1]
    return (t0 - t1) % Q, ((a[0] + a[1]) * (b[0] + b[1]) - t0 - t1) % Q


def fp2_square(a: Fp2) -> Fp2:
    return (a[0] + a[1]) * (a[0] - a[1]) % Q, 2 * a[0] * a[1] % Q


def fp2_inverse(a: Fp2) -> Fp2:
    norm = pow(a[0] * a[0] + a[1] * a[1], -1, Q)
    return a[0] * norm % Q, -a[1] * norm % Q


def fp2_pow(a: Fp2, exponent: int) -> Fp2:
    result = (1, 0)
    for bit in bin(exponent)[2:]:
        result = fp2_square(result)
        if bit == "1":
            result = fp2_mul(result, a)
    return result


def _conjugate(a: Fp2) -> Fp2:
    return a[0], -a[1] % Q


_TWIST_B = fp2_mul((3, 0), fp2_inverse((9, 1)))
# ψ(x, y) = (x̄·u, ȳ·v): to the curve over the larger field, Frobenius, and back.
_PSI_X = fp2_pow((9, 1), (Q - 1) // 3)
_PSI_Y = fp2_pow((9, 1), (Q - 1) // 2)
_INFINITY: _Jacobian = ((1, 0), (1, 0), (0, 0))


def on_g1(point: G1) -> bool:
    """Whether coordinates below Q are a point of G1 other than infinity."""
    x, y = point
    return (y * y - x * x * x - 3) % Q == 0


def on_twist(point: G2) -> bool:
    """Whether coordinates below Q are a point of the twist other than infinity."""
    x, y = point
    cube = fp2_mul(fp2_square(x), x)
    square = fp2_square(y)
    return (square[0] - cube[0] - _TWIST_B[0]) % Q == 0 and (square[1] - cube[1] - _TWIST_B[1]) % Q == 0


def in_g2(point: G2) -> bool:
    """Whether a point of the twist belongs to G2."""
    multiple = _multiply(point, BN_X)
    image = _psi(multiple)
    left = _add(_add(_add(multiple, (*point, (1, 0))), image), _psi(image))
    return _equal(left, _psi(_psi(_psi(_double(multiple)))))


def has_order_r(point: G2) -> bool:
    """`in_g2` by the definition, slower: R times the point is infinity."""
    return _multiply(point, R)[2] == (0, 0)


def frobenius(point: G2) -> G2:
    """ψ: the point whose image on the larger field's curve is this one's with its coordinates to the power
    Q."""
    x, y, _ = _psi((*point, (1, 0)))
    return x, y


def _psi(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    return fp2_mul(_conjugate(x), _PSI_X), fp2_mul(_conjugate(y), _PSI_Y), _conjugate(z)


def _double(point: _Jacobian) -> _Jacobian:
    (x0, x1), (y0, y1), z = point
    a = fp2_square(point[0])
    b = fp2_square(point[1])
    c = fp2_square(b)
    xb = fp2_square((x0 + b[0], x1 + b[1]))
    d = 2 * (xb[0] - a[0] - c[0]), 2 * (xb[1] - a[1] - c[1])
    e = 3 * a[0], 3 * a[1]
    f = fp2_square(e)
    x = (f[0] - 2 * d[0]) % Q, (f[1] - 2 * d[1]) % Q
    m = fp2_mul(e, (d[0] - x[0], d[1] - x[1]))
    yz = fp2_mul((y0, y1), z)
    return x, ((m[0] - 8 * c[0]) % Q, (m[1] - 8 * c[1]) % Q), (2 * yz[0] % Q, 2 * yz[1] % Q)


def _add(p: _Jacobian, q: _Jacobian) -> _Jacobian:
    if p[2] == (0, 0):
        return q
    if q[2] == (0, 0):
        return p
    z1, z2 = fp2_square(p[2]), fp2_square(q[2])
    u1, u2 = fp2_mul(p[0], z2), fp2_mul(q[0], z1)
    s1, s2 = fp2_mul(p[1], fp2_mul(z2, q[2])), fp2_mul(q[1], fp2_mul(z1, p[2]))
    if u1 == u2:
        return _double(p) if s1 == s2 else _INFINITY
    h = u2[0] - u1[0], u2[1] - u1[1]
    s = s2[0] - s1[0], s2[1] - s1[1]
    hh = fp2_square(h)
    hhh = fp2_mul(h, hh)
    v = fp2_mul(u1, hh)
    ss = fp2_square(s)
    x = (ss[0] - hhh[0] - 2 * v[0]) % Q, (ss[1] - hhh[1] - 2 * v[1]) % Q
    sv = fp2_mul(s, (v[0] - x[0], v[1] - x[1]))
    sh = fp2_mul(s1, hhh)
    return x, ((sv[0] - sh[0]) % Q, (sv[1] - sh[1]) % Q), fp2_mul(fp2_mul(p[2], q[2]), h)


def _multiply(point: G2, scalar: int) -> _Jacobian:
    base: _Jacobian = (*point, (1, 0))
    result = _INFINITY
    for bit in bin(scalar)[2:]:
        result = _double(result)
        if bit == "1":
            result = _add(result, base)
    return result


def _equal(p: _Jacobian, q: _Jacobian) -> bool:
    if p[2] == (0, 0) or q[2] == (0, 0):
        return p[2] == q[2]
    z1, z2 = fp2_square(p[2]), fp2_square(q[2])
    return fp2_mul(p[0], z2) == fp2_mul(q[0], z1) and fp2_mul(p[1], fp2_mul(z2, q[2])) == fp2_mul(
        q[1], fp2_mul(z1, p[2])
    )
