namespace GrainKube.ApiServer.Admission.PodSecurity.Checks;

/// <summary>Puts names into the sentences of checks.</summary>
internal static class Wording
{
    public static string Quoted(IEnumerable<string> items) => string.Join(", ", items.Select(i => $"\"{i}\""));

    public static string Plural(string singular, string plural, int count) => count == 1 ? singular : plural;

    /// <summary><c>container "a"</c> or <c>containers "a", "b"</c>.</summary>
    public static string Containers(IReadOnlyCollection<string> names) => $"{Plural("container", "containers", names.Count)} {Quoted(names)}";

    /// <summary><c>pod and container "a"</c>: who has set something.</summary>
    public static string Setters(bool pod, IReadOnlyCollection<string> containers) => (pod, containers.Count) switch
    {
        (true, 0) => "pod",
        (true, _) => $"pod and {Containers(containers)}",
        _ => Containers(containers),
    };

    /// <summary>Each once, in order.</summary>
    public static string[] Sorted(IEnumerable<string> items) => [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The names of the containers for which something holds.</summary>
    public static string[] Where(this CheckedPod pod, Func<CheckedContainer, bool> holds) => [.. pod.Containers.Where(holds).Select(c => c.Name)];
}
