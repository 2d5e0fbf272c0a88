using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>The rules for <c>metadata</c> that hold for every kind (upstream: <c>ValidateObjectMeta</c> and its update).</summary>
public static class ObjectMetaValidator
{
    private static readonly string[] Immutable = ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Rules for a new object, whose name was already generated where <c>generateName</c> asks for it.</summary>
    /// <param name="item">The whole object.</param>
    /// <param name="format">How its name must look.</param>
    /// <param name="namespaced">Whether it lives in a namespace.</param>
    /// <param name="errors">The root of the object.</param>
    public static void ValidateCreate(JsonObject item, NameFormat format, bool namespaced, FieldErrors errors)
    {
        var metadata = item["metadata"] as JsonObject ?? [];
        var place = errors.At("metadata");
        var generateName = Text(metadata, "generateName");
        if (generateName.Length > 0)
        {
            Report(PrefixProblems(generateName, format), generateName, place.At("generateName"));
        }

        var name = Text(metadata, "name");
        if (name.Length == 0)
        {
            place.At("name").Required("name or generateName is required");
        }
        else
        {
            Report(NameProblems(name, format), name, place.At("name"));
        }

        Namespace(Text(metadata, "namespace"), namespaced, place.At("namespace"));
        Common(metadata, place);
        Finalizers(Strings(metadata, "finalizers"), place.At("finalizers"));
    }

    /// <summary>Rules for a change of an object, through whichever subresource.</summary>
    public static void ValidateUpdate(JsonObject next, JsonObject current, FieldErrors errors)
    {
        var metadata = next["metadata"] as JsonObject ?? [];
        var stored = current["metadata"] as JsonObject ?? [];
        var place = errors.At("metadata");
        if (stored["deletionTimestamp"] is not null)
        {
            NoNewFinalizers(Strings(metadata, "finalizers"), Strings(stored, "finalizers"), place.At("finalizers"));
        }

        var generateName = Text(metadata, "generateName");
        Report(NameRules.PathSegmentPrefix(generateName), generateName, place.At("generateName"));
        if (Text(metadata, "resourceVersion").Length == 0)
        {
            place.At("resourceVersion").Invalid("", "must be specified for an update");
        }

        if (Number(metadata, "generation") < Number(stored, "generation"))
        {
            place.At("generation").Invalid(Number(metadata, "generation"), "must not be decremented");
        }

        foreach (var field in Immutable)
        {
            if (!JsonNode.DeepEquals(metadata[field], stored[field]))
            {
                place.At(field).Invalid(metadata[field], "field is immutable");
            }
        }

        Common(metadata, place);
    }

    /// <summary>What is wrong with a name.</summary>
    public static IReadOnlyList<string> NameProblems(string name, NameFormat format) => format switch
    {
        NameFormat.DnsLabel => NameRules.DnsLabel(name),
        NameFormat.PathSegment => NameRules.PathSegment(name),
        _ => NameRules.DnsSubdomain(name),
    };

    /// <summary>A prefix may end in a hyphen, because more follows.</summary>
    private static IReadOnlyList<string> PrefixProblems(string prefix, NameFormat format)
    {
        if (format == NameFormat.PathSegment)
        {
            return NameRules.PathSegmentPrefix(prefix);
        }

        return NameProblems(prefix.Length > 1 && prefix[^1] == '-' ? prefix[..^2] + "a" : prefix, format);
    }

    private static void Namespace(string name, bool namespaced, FieldErrors place)
    {
        if (!namespaced)
        {
            if (name.Length > 0)
            {
                place.Forbidden("not allowed on this type");
            }
        }
        else if (name.Length == 0)
        {
            place.Required();
        }
        else
        {
            Report(NameRules.DnsLabel(name), name, place);
        }
    }

    private static void Common(JsonObject metadata, FieldErrors place)
    {
        if (Number(metadata, "generation") < 0)
        {
            place.At("generation").Invalid(Number(metadata, "generation"), "must be greater than or equal to 0");
        }

        LabelRules.Labels(Map(metadata, "labels"), place.At("labels"));
        LabelRules.Annotations(Map(metadata, "annotations"), place.At("annotations"));
        OwnerReferenceRules.Check(metadata["ownerReferences"] as JsonArray, place.At("ownerReferences"));
    }

    private static void Finalizers(IReadOnlyList<string> finalizers, FieldErrors place)
    {
        foreach (var finalizer in finalizers)
        {
            Report(NameRules.LabelKey(finalizer), finalizer, place);
        }

        if (finalizers.Contains("orphan") && finalizers.Contains("foregroundDeletion"))
        {
            place.Invalid(finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    private static void NoNewFinalizers(IReadOnlyList<string> next, IReadOnlyList<string> stored, FieldErrors place)
    {
        var added = next.Except(stored, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            place.Forbidden(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                + string.Join(", ", added.Select(f => $"\"{f}\"")) + "}");
        }
    }

    private static void Report(IReadOnlyList<string> problems, string value, FieldErrors place)
    {
        foreach (var problem in problems)
        {
            place.Invalid(value, problem);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Map(JsonObject metadata, string field) =>
        (metadata[field] as JsonObject)?.Select(p => KeyValuePair.Create(p.Key, p.Value?.GetValue<string>() ?? "")) ?? [];

    private static IReadOnlyList<string> Strings(JsonObject metadata, string field) =>
        metadata[field] is JsonArray list ? [.. list.Select(f => f!.GetValue<string>())] : [];

    private static string Text(JsonObject metadata, string field) => metadata[field]?.GetValue<string>() ?? "";

    private static long Number(JsonObject metadata, string field) =>
        metadata[field] is not JsonValue value ? 0 : value.TryGetValue<long>(out var number) ? number : value.GetValue<int>();
}
