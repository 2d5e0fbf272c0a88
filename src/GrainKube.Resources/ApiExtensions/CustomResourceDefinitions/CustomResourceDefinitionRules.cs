using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>What a CustomResourceDefinition must say. Source: upstream's <c>pkg/apis/apiextensions/validation</c>.</summary>
internal static class CustomResourceDefinitionRules
{
    public static void Check(JsonObject item, JsonObject? current, FieldErrors errors)
    {
        var spec = item.Ensure("spec");
        var group = spec.Text("group");
        var names = spec.Ensure("names");
        if (current is null && item.Object("metadata").Text("name") is var name && name != $"{names.Text("plural")}.{group}")
        {
            errors.At("metadata").At("name").Invalid(name, "must be spec.names.plural+\".\"+spec.group");
        }

        var at = errors.At("spec");
        Group(group, at.At("group"));
        Choice(spec.Text("scope"), ["Cluster", "Namespaced"], at.At("scope"));
        CustomVersionRules.Check(spec, current.Object("spec"), at);
        CustomNameRules.Check(names, at.At("names"));
        ConversionRules.Check(spec.Object("conversion"), at.At("conversion"));
        if (spec.Flag("preserveUnknownFields") && current.Object("spec")?.Flag("preserveUnknownFields") != true)
        {
            at.At("preserveUnknownFields").Invalid(true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }

        if (current is not null)
        {
            Immutable(spec, current, at);
            StoredVersions(item, errors.At("status").At("storedVersions"));
        }

        Approval(item, current, group, errors);
    }

    public static void Choice(string value, IReadOnlyList<string> choices, FieldErrors at)
    {
        if (value.Length == 0)
        {
            at.Required();
        }
        else if (!choices.Contains(value))
        {
            at.NotSupported(value, choices);
        }
    }

    private static void Group(string group, FieldErrors at)
    {
        if (group.Length == 0)
        {
            at.Required();
        }
        else if (NameRules.DnsSubdomain(group) is { Count: > 0 } complaints)
        {
            at.Invalid(group, string.Join(",", complaints));
        }
        else if (!group.Contains('.'))
        {
            at.Invalid(group, "should be a domain with at least one dot");
        }
    }

    private static void Immutable(JsonObject spec, JsonObject current, FieldErrors at)
    {
        var old = current.Object("spec");
        if (current.Object("status").Objects("conditions").Any(c => c.Text("type") == "Established" && c.Text("status") == "True"))
        {
            Same(spec.Text("scope"), old.Text("scope"), at.At("scope"));
            Same(spec.Object("names").Text("kind"), old.Object("names").Text("kind"), at.At("names").At("kind"));
        }

        Same(spec.Text("group"), old.Text("group"), at.At("group"));
        Same(spec.Object("names").Text("plural"), old.Object("names").Text("plural"), at.At("names").At("plural"));
    }

    private static void Same(string next, string before, FieldErrors at)
    {
        if (next != before)
        {
            at.Invalid(next, "field is immutable");
        }
    }

    private static void StoredVersions(JsonObject item, FieldErrors at)
    {
        var stored = (item.Object("status")?["storedVersions"] as JsonArray ?? []).Select(v => (string)v!).ToList();
        var versions = item.Object("spec").Objects("versions").Select(v => v.Text("name")).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < stored.Count; i++)
        {
            if (!versions.Contains(stored[i]))
            {
                at.At(i).Invalid(
                    stored[i],
                    $"missing from spec.versions; {stored[i]} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains "
                    + $"persisted in {stored[i]} and removes {stored[i]} from status.storedVersions");
            }
        }
    }

    /// <summary>Groups of Kubernetes' own need a word of its reviewers.</summary>
    private static void Approval(JsonObject item, JsonObject? current, string group, FieldErrors errors)
    {
        const string annotation = "api-approved.kubernetes.io";
        const string more = "see https://github.com/kubernetes/enhancements/pull/1111";
        if (group is not ("k8s.io" or "kubernetes.io") && !group.EndsWith(".k8s.io", StringComparison.Ordinal) && !group.EndsWith(".kubernetes.io", StringComparison.Ordinal))
        {
            return;
        }

        var given = item.Object("metadata").Object("annotations").Text(annotation);
        if (current is not null && current.Object("metadata").Object("annotations").Text(annotation) == given)
        {
            return;
        }

        var at = errors.At("metadata").At("annotations").Key(annotation);
        if (given.Length == 0)
        {
            at.Required($"protected groups must have approval annotation \"{annotation}\", {more}");
        }
        else if (!given.StartsWith("unapproved", StringComparison.Ordinal) && !(Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Host.Length > 0))
        {
            at.Invalid(given, $"protected groups must have approval annotation \"{annotation}\" with either a URL or a reason starting with \"unapproved\", {more}");
        }
    }
}
