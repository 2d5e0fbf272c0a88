using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.FlowSchemas;

internal sealed class FlowSchemaColumns : KindColumns<V1FlowSchema>
{
    public FlowSchemaColumns()
    {
        Name();
        Text("PriorityLevel", item => item.Spec?.PriorityLevelConfiguration?.Name ?? CellTexts.None, "The priority level of matching requests.");
        Count("MatchingPrecedence", item => item.Spec?.MatchingPrecedence, "Smaller comes first.");
        Text("DistinguisherMethod", item => item.Spec?.DistinguisherMethod?.Type ?? CellTexts.None, "What makes requests one flow.");
        Age();
        Text(
            "MissingPL",
            item => item.Status?.Conditions?.FirstOrDefault(c => c.Type == "Dangling")?.Status ?? "?",
            "references a broken or non-existent PriorityLevelConfiguration");
    }
}
