using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Reads and checks the <c>spec</c> of an access review.</summary>
internal static class ReviewSpec
{
    /// <summary>The user that a review asks about.</summary>
    public static UserInfo Subject(JsonObject spec) => new()
    {
        Name = Text(spec, "user"),
        Uid = Text(spec, "uid"),
        Groups = Texts(spec, "groups"),
        Extra = (spec["extra"] as JsonObject)?.ToDictionary(e => e.Key, e => Strings(e.Value as JsonArray)) ?? [],
    };

    /// <summary>What is asked; a problem is added to <paramref name="errors"/> (a place at <c>spec</c>).</summary>
    public static AccessAttributes Attributes(JsonObject spec, UserInfo user, FieldErrors errors)
    {
        var resource = spec["resourceAttributes"] as JsonObject;
        var path = spec["nonResourceAttributes"] as JsonObject;
        if (resource is not null && path is not null)
        {
            errors.At("nonResourceAttributes").Invalid(path, "cannot be specified in combination with resourceAttributes");
        }
        else if (resource is null && path is null)
        {
            errors.At("resourceAttributes").Invalid("null", "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }

        return resource is not null
            ? new AccessAttributes
            {
                User = user,
                Verb = Text(resource, "verb"),
                Namespace = Text(resource, "namespace"),
                ApiGroup = Text(resource, "group"),
                ApiVersion = Text(resource, "version"),
                Resource = Text(resource, "resource"),
                Subresource = Text(resource, "subresource"),
                Name = Text(resource, "name"),
                FieldSelector = FieldSelector(resource["fieldSelector"] as JsonObject),
                LabelSelector = LabelSelector(resource["labelSelector"] as JsonObject),
            }
            : new AccessAttributes { User = user, IsResource = false, Verb = Text(path, "verb"), Path = Text(path, "path") };
    }

    /// <summary>Rules for a review of another user.</summary>
    public static void CheckSubject(UserInfo user, FieldErrors spec)
    {
        if (user.Name.Length == 0 && user.Groups.Count == 0)
        {
            spec.At("user").Invalid("", "at least one of user or group must be specified");
        }
    }

    public static string Text(JsonObject? item, string name) => item?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static IReadOnlyList<string> Texts(JsonObject item, string name) => Strings(item[name] as JsonArray);

    private static string FieldSelector(JsonObject? selector) => Selector(selector, static (key, of, values) => (of, values) switch
    {
        ("In", [var value]) => $"{key}={value}",
        ("NotIn", [var value]) => $"{key}!={value}",
        _ => null,
    });

    private static string LabelSelector(JsonObject? selector) => Selector(selector, static (key, of, values) => of switch
    {
        "In" => $"{key} in ({string.Join(',', values)})",
        "NotIn" => $"{key} notin ({string.Join(',', values)})",
        "Exists" => key,
        "DoesNotExist" => $"!{key}",
        _ => null,
    });

    /// <summary>A requirement that cannot be written asks for more than is asked here, which is what leaving it out does.</summary>
    private static string Selector(JsonObject? selector, Func<string, string, IReadOnlyList<string>, string?> write) => Text(selector, "rawSelector") is { Length: > 0 } raw ? raw : string.Join(
        ',',
        (selector?["requirements"] as JsonArray ?? []).OfType<JsonObject>().Select(r => write(Text(r, "key"), Text(r, "operator"), Texts(r, "values"))).OfType<string>());

    private static IReadOnlyList<string> Strings(JsonArray? values) => [.. values?.OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var text) ? text : "") ?? []];
}
