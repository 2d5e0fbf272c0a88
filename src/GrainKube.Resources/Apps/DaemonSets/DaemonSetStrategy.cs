using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Apps.DaemonSets;

/// <summary>Counts the changes of the template in an annotation, as upstream keeps what was a field once.</summary>
internal sealed class DaemonSetStrategy : IStrategy
{
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public void PrepareForCreate(JsonObject item, WriteScope scope) => Set(item, 1);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        var known = long.TryParse(current.Object("metadata").Object("annotations").Text(TemplateGeneration), CultureInfo.InvariantCulture, out var number) ? number : 0;
        var same = JsonNode.DeepEquals(current["spec"]?["template"], next["spec"]?["template"]);
        Set(next, same ? known : known + 1);
    }

    private static void Set(JsonObject item, long generation) =>
        item.Ensure("metadata").Ensure("annotations")[TemplateGeneration] = generation.ToString(CultureInfo.InvariantCulture);
}
