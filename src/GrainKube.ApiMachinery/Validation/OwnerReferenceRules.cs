using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>Rules for <c>metadata.ownerReferences</c>.</summary>
internal static class OwnerReferenceRules
{
    public static void Check(JsonArray? references, FieldErrors errors)
    {
        string? controller = null;
        for (var i = 0; i < references?.Count; i++)
        {
            var reference = (JsonObject)references[i]!;
            One(reference, errors.At(i));
            if (reference["controller"]?.GetValue<bool>() != true)
            {
                continue;
            }

            var name = $"{Text(reference, "kind")}/{Text(reference, "name")}";
            if (controller is null)
            {
                controller = name;
                continue;
            }

            errors.Invalid(
                references,
                $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {name}");
        }
    }

    private static void One(JsonObject reference, FieldErrors errors)
    {
        var apiVersion = Text(reference, "apiVersion");
        if (apiVersion.Length == 0)
        {
            errors.At("apiVersion").Required("must not be empty");
        }
        else if (apiVersion.Count(c => c == '/') > 1 || apiVersion.EndsWith('/'))
        {
            errors.At("apiVersion").Invalid(apiVersion, "must be <group>/<version> or <version>");
        }

        foreach (var field in (ReadOnlySpan<string>)["kind", "name", "uid"])
        {
            if (Text(reference, field).Length == 0)
            {
                errors.At(field).Required("must not be empty");
            }
        }

        if (apiVersion == "v1" && Text(reference, "kind") == "Event")
        {
            errors.Invalid(reference, "/v1, Kind=Event is disallowed from being an owner");
        }
    }

    private static string Text(JsonObject reference, string field) => reference[field]?.GetValue<string>() ?? "";
}
