using System.Globalization;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>Names of a stateful set's pods: the set's name, a dash, a number.</summary>
internal static class Ordinals
{
    public static string NameOf(string set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set}-{ordinal}");

    /// <summary>The number at the end of a pod's name; null where the name is not one of this set's.</summary>
    public static int? Of(string pod, string set) =>
        pod.Length > set.Length + 1 && pod.StartsWith(set, StringComparison.Ordinal) && pod[set.Length] == '-'
        && int.TryParse(pod.AsSpan(set.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : null;
}
