using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// The function F of a method, by which g = F(x'lambda), with its derivative and its integral from 0. All have F(0) = 1 and F'(0) = 1
/// (Deville and Särndal 1992, section 2).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Distance
{
    private readonly CalibrationMethod _method;
    private readonly double _lower;
    private readonly double _upper;
    private readonly double _a;
    private readonly double _c;

    public Distance(CalibrationMethod method, Bounds bounds)
    {
        (_method, _lower, _upper) = (method, bounds.Lower, bounds.Upper);
        _a = (_upper - _lower) / ((1 - _lower) * (_upper - 1));
        _c = (_upper - 1) / (1 - _lower);
    }

    /// <summary>For each u: g = F(u), and F'(u); returns the sum of d times the integral of F, which is the convex part of the dual.</summary>
    public double Evaluate(ReadOnlySpan<double> u, ReadOnlySpan<double> d, Span<double> g, Span<double> slope) => _method switch
    {
        CalibrationMethod.Raking => Exponential(u, d, g, slope),
        CalibrationMethod.Linear => Linear(u, d, g, slope),
        CalibrationMethod.Logit => Logit(u, d, g, slope),
        CalibrationMethod.Truncated => Truncated(u, d, g, slope),
        _ => throw new InvalidOperationException($"{_method} has no distance function"),
    };

    private static double Exponential(ReadOnlySpan<double> u, ReadOnlySpan<double> d, Span<double> g, Span<double> slope)
    {
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            var value = Math.Exp(u[i]);
            g[i] = value;
            slope[i] = value;
            sum += d[i] * (value - 1);
        }

        return sum;
    }

    private static double Linear(ReadOnlySpan<double> u, ReadOnlySpan<double> d, Span<double> g, Span<double> slope)
    {
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            g[i] = 1 + u[i];
            slope[i] = 1;
            sum += d[i] * u[i] * (1 + u[i] / 2);
        }

        return sum;
    }

    private double Logit(ReadOnlySpan<double> u, ReadOnlySpan<double> d, Span<double> g, Span<double> slope)
    {
        // F = L + (U-L) s with s the logistic function of Au - ln c, which is the paper's formula without its overflow.
        var shift = Math.Log(_c);
        var atZero = SoftPlus(-shift);
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            var v = _a * u[i] - shift;
            var e = Math.Exp(-Math.Abs(v));
            var s = v >= 0 ? 1 / (1 + e) : e / (1 + e);
            g[i] = _lower + (_upper - _lower) * s;
            slope[i] = (_upper - _lower) * _a * e / ((1 + e) * (1 + e));
            var softPlus = Math.Max(v, 0) + Math.Log(1 + e);
            sum += d[i] * (_lower * u[i] + (_upper - _lower) / _a * (softPlus - atZero));
        }

        return sum;
    }

    private double Truncated(ReadOnlySpan<double> u, ReadOnlySpan<double> d, Span<double> g, Span<double> slope)
    {
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            var inside = Math.Clamp(u[i], _lower - 1, _upper - 1);
            g[i] = 1 + inside;
            slope[i] = inside == u[i] ? 1 : 0;
            sum += d[i] * (inside * (1 + inside / 2) + (u[i] - inside) * (1 + inside));
        }

        return sum;
    }

    private static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
