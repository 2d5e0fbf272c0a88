using System.Text.Json.Nodes;

namespace GrainKube.Controllers.CustomResources;

/// <summary>Which of its names a CustomResourceDefinition gets: those that no other of its group has. Pure.</summary>
/// <param name="Accepted">The field <c>status.acceptedNames</c>.</param>
/// <param name="Reason">Of the condition <c>NamesAccepted</c>; <c>NoConflicts</c> where all were free.</param>
/// <param name="Message">The same.</param>
internal sealed record NamesPlan(JsonObject Accepted, string Reason, string Message)
{
    public bool AllAccepted => Reason == "NoConflicts";

    /// <param name="requested"><c>spec.names</c>.</param>
    /// <param name="accepted"><c>status.acceptedNames</c> as it is, or null.</param>
    /// <param name="others">The accepted names of all others of the group.</param>
    public static NamesPlan For(JsonObject requested, JsonObject? accepted, IReadOnlyList<JsonObject> others)
    {
        var resources = others.SelectMany(o => Texts(o["shortNames"]).Append(Text(o, "plural")).Append(Text(o, "singular"))).ToHashSet(StringComparer.Ordinal);
        var kinds = others.SelectMany(o => (IEnumerable<string>)[Text(o, "kind"), Text(o, "listKind")]).ToHashSet(StringComparer.Ordinal);
        var next = accepted?.DeepClone() as JsonObject ?? [];
        var (reason, message) = ("NoConflicts", "no conflicts found");
        foreach (var (name, used, conflict) in (ReadOnlySpan<(string, HashSet<string>, string)>)
            [("plural", resources, "PluralConflict"), ("singular", resources, "SingularConflict"), ("kind", kinds, "KindConflict"), ("listKind", kinds, "ListKindConflict")])
        {
            var wanted = Text(requested, name);
            if (wanted != Text(accepted, name) && used.Contains(wanted))
            {
                (reason, message) = (conflict, $"\"{wanted}\" is already in use");
            }
            else
            {
                next[name] = wanted;
            }
        }

        var own = Texts(accepted?["shortNames"]);
        var taken = Texts(requested["shortNames"]).Where(s => !own.Contains(s) && resources.Contains(s)).ToList();
        if (taken.Count > 0)
        {
            var texts = taken.Select(s => $"\"{s}\" is already in use").ToList();
            (reason, message) = ("ShortNamesConflict", texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]");
        }
        else
        {
            Copy(requested, next, "shortNames");
        }

        Copy(requested, next, "categories");
        return new NamesPlan(next, reason, message);
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        to.Remove(name);
        if (from[name] is JsonArray { Count: > 0 } list)
        {
            to[name] = list.DeepClone();
        }
    }

    private static string Text(JsonObject? item, string name) => (string?)item?[name] ?? "";

    private static List<string> Texts(JsonNode? list) => list is JsonArray texts ? [.. texts.Select(t => (string)t!)] : [];
}
