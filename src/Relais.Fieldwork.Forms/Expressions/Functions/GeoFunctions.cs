using System.Globalization;
using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

/// <summary>Lengths and areas on a sphere with the circumference of the equator. A point is "latitude longitude altitude accuracy", points are separated by ";".</summary>
internal static class GeoFunctions
{
    private const double Radius = 6_378_137;

    public static IReadOnlyList<Function> All { get; } =
    [
        new("distance", 1, int.MaxValue, static (Call call, IReadOnlyList<Value> values, in Scope _) =>
            Points(values) is { } points ? Value.Of(Length(points)) : NoPoints(call)),
        new("area", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope _) => Points(values) is { } points ? Value.Of(Area(points)) : NoPoints(call)),
        new("enclosed-area", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope _) => Points(values) is { } points ? Value.Of(Area(points)) : NoPoints(call)),
        new("geofence", 2, 2, Geofence),
    ];

    private static Value NoPoints(Call call) => call.Error(ExpressionErrorKind.TypeMismatch, "a point is \"latitude longitude altitude accuracy\".");

    private static List<(double Latitude, double Longitude)>? Points(IReadOnlyList<Value> values)
    {
        var points = new List<(double, double)>();
        foreach (var text in TextFunctions.Texts(values, 0))
        {
            foreach (var point in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var parts = point.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length is < 2 or > 4 || !Degrees(parts[0], 90, out var latitude) || !Degrees(parts[1], 180, out var longitude))
                    return null;
                points.Add((latitude, longitude));
            }
        }

        return points;
    }

    private static bool Degrees(string text, double most, out double degrees) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && Math.Abs(degrees) <= most;

    private static double Length(List<(double Latitude, double Longitude)> points)
    {
        var length = 0.0;
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            var (north, east) = (Radians(b.Latitude - a.Latitude) / 2, Radians(b.Longitude - a.Longitude) / 2);
            var chord = Math.Pow(Math.Sin(north), 2) + Math.Cos(Radians(a.Latitude)) * Math.Cos(Radians(b.Latitude)) * Math.Pow(Math.Sin(east), 2);
            length += 2 * Radius * Math.Asin(Math.Sqrt(Math.Min(1, chord)));
        }

        return length;
    }

    private static double Area(List<(double Latitude, double Longitude)> points)
    {
        if (points.Count < 3)
            return 0;
        var sum = 0.0;
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Count]);
            sum += Radians(b.Longitude - a.Longitude) * (2 + Math.Sin(Radians(a.Latitude)) + Math.Sin(Radians(b.Latitude)));
        }

        return Math.Abs(sum) * Radius * Radius / 2;
    }

    private static Value Geofence(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        if (Points([values[0]]) is not [var point] || Points([values[1]]) is not { Count: >= 4 } fence || fence[0] != fence[^1])
            return call.Error(ExpressionErrorKind.Unhandled, "takes a point and a closed shape of at least three corners.");
        var inside = false;
        for (var i = 1; i < fence.Count; i++)
        {
            var (a, b) = (fence[i - 1], fence[i]);
            if (a.Latitude > point.Latitude != b.Latitude > point.Latitude
                && point.Longitude < (b.Longitude - a.Longitude) * (point.Latitude - a.Latitude) / (b.Latitude - a.Latitude) + a.Longitude)
                inside = !inside;
        }

        return Value.Of(inside);
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
