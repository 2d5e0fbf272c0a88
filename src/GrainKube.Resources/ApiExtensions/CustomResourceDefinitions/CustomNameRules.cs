using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary><c>spec.names</c>.</summary>
internal static class CustomNameRules
{
    public static void Check(JsonObject names, FieldErrors at)
    {
        foreach (var required in (ReadOnlySpan<string>)["plural", "singular", "kind", "listKind"])
        {
            if (names.Text(required).Length == 0)
            {
                at.At(required).Required();
            }
        }

        Label(names.Text("plural"), at.At("plural"));
        Label(names.Text("singular"), at.At("singular"));
        Kind(names.Text("kind"), at.At("kind"));
        Kind(names.Text("listKind"), at.At("listKind"));
        Labels(names["shortNames"], at.At("shortNames"));
        if (names.Text("kind").Length > 0 && names.Text("kind") == names.Text("listKind"))
        {
            at.At("listKind").Invalid(names.Text("listKind"), "kind and listKind may not be the same");
        }

        Labels(names["categories"], at.At("categories"));
    }

    private static void Labels(JsonNode? list, FieldErrors at)
    {
        var texts = (list as JsonArray)?.Select(n => (string)n!).ToList() ?? [];
        for (var i = 0; i < texts.Count; i++)
        {
            if (NameRules.Dns1035Label(texts[i]) is { Count: > 0 } complaints)
            {
                at.At(i).Invalid(texts[i], string.Join(",", complaints));
            }
        }
    }

    private static void Label(string name, FieldErrors at)
    {
        if (name.Length > 0 && NameRules.Dns1035Label(name) is { Count: > 0 } complaints)
        {
            at.Invalid(name, string.Join(",", complaints));
        }
    }

    private static void Kind(string name, FieldErrors at)
    {
        if (name.Length > 0 && NameRules.Dns1035Label(name.ToLowerInvariant()) is { Count: > 0 } complaints)
        {
            at.Invalid(name, "may have mixed case, but should otherwise match: " + string.Join(",", complaints));
        }
    }
}
