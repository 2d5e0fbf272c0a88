using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.ComponentStatuses;

internal sealed class ComponentStatusColumns : KindColumns<V1ComponentStatus>
{
    public ComponentStatusColumns()
    {
        Name();
        Text(
            "Status",
            item => Healthy(item)?.Status switch { "True" => "Healthy", "False" => "Unhealthy", _ => "Unknown" },
            "Status of the component conditions");
        Text("Message", item => Healthy(item)?.Message, "Message of the component conditions");
        Text("Error", item => Healthy(item)?.Error, "Error of the component conditions");
    }

    private static V1ComponentCondition? Healthy(V1ComponentStatus item) => item.Conditions?.FirstOrDefault(c => c.Type == "Healthy");
}
