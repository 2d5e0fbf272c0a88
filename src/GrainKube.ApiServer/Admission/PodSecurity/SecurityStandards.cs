using System.Collections.Concurrent;
using GrainKube.ApiServer.Admission.PodSecurity.Checks;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>The Pod Security Standards: every check, and which of them a level of a release has. Pure.</summary>
internal static class SecurityStandards
{
    private static readonly SecurityCheck[] All =
        [.. HostChecks.All.Concat(PrivilegeChecks.All).Concat(UserChecks.All).Concat(ProfileChecks.All).Concat(VolumeChecks.All).OrderBy(c => c.Level).ThenBy(c => c.Id, StringComparer.Ordinal)];

    private static readonly int Newest = All.Max(c => c.Versions[^1].Minor);
    private static readonly ConcurrentDictionary<LevelVersion, Func<CheckedPod, SecurityViolation?>[]> Known = new();

    /// <summary>All that is wrong with a pod at that level; baseline's checks come first.</summary>
    public static IReadOnlyList<SecurityViolation> Violations(LevelVersion wanted, CheckedPod pod)
    {
        if (wanted.Level == SecurityLevel.Privileged)
        {
            return [];
        }

        List<SecurityViolation> found = [];
        foreach (var check in Known.GetOrAdd(wanted with { Minor = Math.Min(wanted.Minor, Newest) }, ChecksOf))
        {
            if (check(pod) is { } violation)
            {
                found.Add(violation);
            }
        }

        return found;
    }

    /// <summary>The sentence that users read.</summary>
    public static string Describe(IEnumerable<SecurityViolation> violations) =>
        string.Join(", ", violations.Select(v => v.Detail.Length == 0 ? v.Reason : $"{v.Reason} ({v.Detail})"));

    private static Func<CheckedPod, SecurityViolation?>[] ChecksOf(LevelVersion wanted)
    {
        var replaced = wanted.Level == SecurityLevel.Restricted
            ? All.Where(c => c.Level == SecurityLevel.Restricted && c.At(wanted.Minor) is not null).Select(c => c.Replaces).ToHashSet()
            : [];
        return [.. All.Where(c => c.Level <= wanted.Level && !replaced.Contains(c.Id)).Select(c => c.At(wanted.Minor)).OfType<Func<CheckedPod, SecurityViolation?>>()];
    }
}
