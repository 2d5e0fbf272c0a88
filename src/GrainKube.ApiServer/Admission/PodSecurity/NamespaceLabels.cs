using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>Looks at the labels of a namespace itself: they must be right, and who sharpens them hears which pods would not be let in today.</summary>
internal sealed class NamespaceLabels(IObjectReader objects, PodSecurityOptions options, NamespacePolicy defaults)
{
    private const int MostPods = 3000;
    private static readonly GroupResource Pods = new("", "pods");

    /// <exception cref="ApiException">422: a label is none of the values.</exception>
    public void Check(AdmissionRequest request)
    {
        var labels = LabelsOf(request.Object);
        var errors = new FieldErrors();
        var next = NamespacePolicy.From(labels, defaults, errors);
        var exempt = options.ExemptNamespaces.Contains(request.Key.Name);
        if (request.Operation == AdmissionOperation.Create)
        {
            Refuse(request, errors);
            if (exempt)
            {
                WarnOfExemption(request, next, labels);
            }

            return;
        }

        var before = new FieldErrors();
        var current = NamespacePolicy.From(LabelsOf(request.Current), defaults, before);
        if (!errors.All.SequenceEqual(before.All))
        {
            Refuse(request, errors);
        }

        if (next.Enforce == current.Enforce || next.Enforce.Level == SecurityLevel.Privileged || (next.Enforce.Minor == current.Enforce.Minor && next.Enforce.Level <= current.Enforce.Level))
        {
            return;
        }

        if (exempt)
        {
            WarnOfExemption(request, next, labels);
            return;
        }

        foreach (var warning in Violators(request.Key.Name, next.Enforce))
        {
            request.Warnings.Add(warning);
        }
    }

    private static void Refuse(AdmissionRequest request, FieldErrors errors)
    {
        if (!errors.IsEmpty)
        {
            throw ApiException.Invalid("", "Namespace", request.Key.Name, errors);
        }
    }

    /// <summary>What pods there are would be refused, told once for each way of breaking the level.</summary>
    private List<string> Violators(string ns, LevelVersion enforce)
    {
        var pods = Prioritized(objects.All(Pods, ns));
        SortedDictionary<string, List<string>> found = new(StringComparer.Ordinal);
        foreach (var (name, pod) in pods.Take(MostPods))
        {
            if (SecurityStandards.Violations(enforce, pod) is { Count: > 0 } wrong)
            {
                var text = string.Join(", ", wrong.Select(v => v.Reason));
                (found.TryGetValue(text, out var names) ? names : found[text] = []).Add(name);
            }
        }

        List<string> warnings = [];
        if (pods.Count > MostPods)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"new PodSecurity enforce level only checked against the first {MostPods} of {pods.Count} existing pods"));
        }

        if (found.Count > 0)
        {
            warnings.Add($"existing pods in namespace \"{ns}\" violate the new PodSecurity enforce level \"{enforce}\"");
        }

        warnings.AddRange(found.Select(f => $"{f.Value.Min(StringComparer.Ordinal)}{Others(f.Value.Count - 1)}: {f.Key}").Order(StringComparer.Ordinal));
        return warnings;
    }

    private static string Others(int count) => count switch
    {
        0 => "",
        1 => " (and 1 other pod)",
        _ => string.Create(CultureInfo.InvariantCulture, $" (and {count} other pods)"),
    };

    /// <summary>Of the pods of one controller the first is looked at before the second of any other.</summary>
    private List<(string Name, CheckedPod Pod)> Prioritized(IEnumerable<KubeObject> pods)
    {
        List<(string, CheckedPod)> first = [];
        List<(string, CheckedPod)> later = [];
        HashSet<string> seen = [];
        foreach (var item in pods)
        {
            var json = item.ToNode();
            var pod = new CheckedPod(json["metadata"] as JsonObject, json["spec"] as JsonObject ?? []);
            if ((string?)pod.Spec["runtimeClassName"] is { Length: > 0 } runtime && options.ExemptRuntimeClasses.Contains(runtime))
            {
                continue;
            }

            var owner = (json["metadata"]?["ownerReferences"] as JsonArray ?? []).FirstOrDefault(o => (bool?)o?["controller"] == true);
            (owner is null || seen.Add((string?)owner["uid"] ?? "") ? first : later).Add((item.Key.Name, pod));
        }

        return [.. first, .. later];
    }

    private void WarnOfExemption(AdmissionRequest request, NamespacePolicy policy, IReadOnlyDictionary<string, string> labels)
    {
        if (policy.IsPrivileged || (policy.Enforce.IsLike(defaults.Enforce) && policy.Audit.IsLike(defaults.Audit) && policy.Warn.IsLike(defaults.Warn)))
        {
            return;
        }

        var said = new[] { ("enforce", policy.Enforce), ("audit", policy.Audit), ("warn", policy.Warn) }
            .Where(m => m.Item2.Level != SecurityLevel.Privileged && (labels.ContainsKey(NamespacePolicy.Prefix + m.Item1) || labels.ContainsKey($"{NamespacePolicy.Prefix}{m.Item1}-version")))
            .Select(m => $"{m.Item1}={m.Item2}");
        request.Warnings.Add($"namespace \"{request.Key.Name}\" is exempt from Pod Security, and the policy ({string.Join(", ", said)}) will be ignored");
    }

    private static Dictionary<string, string> LabelsOf(JsonObject? item) =>
        item?["metadata"]?["labels"] is JsonObject labels ? labels.ToDictionary(l => l.Key, l => (string?)l.Value ?? "") : [];
}
