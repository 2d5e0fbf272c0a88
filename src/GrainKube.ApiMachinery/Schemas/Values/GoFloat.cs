using System.Globalization;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>Numbers as upstream's messages show them (Go's <c>%v</c> of a float64).</summary>
internal static class GoFloat
{
    public static string Shortest(double value)
    {
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        if (size is 0 or (>= 1e-4 and < 1e21))
        {
            return size < 1e15 && !plain.Contains('E') ? plain : value.ToString("0.################", CultureInfo.InvariantCulture);
        }

        var parts = value.ToString("E16", CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var digits = (value / Math.Pow(10, exponent)).ToString("0.################", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{digits}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
