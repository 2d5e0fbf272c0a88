using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSIDrivers;

internal sealed class CSIDriverColumns : KindColumns<V1CSIDriver>
{
    public CSIDriverColumns()
    {
        Name();
        Flag("AttachRequired", item => item.Spec?.AttachRequired ?? true, "Whether volumes must be attached before they are mounted.");
        Flag("PodInfoOnMount", item => item.Spec?.PodInfoOnMount, "Whether the driver is told about the pod.");
        Flag("StorageCapacity", item => item.Spec?.StorageCapacity, "Whether the driver reports how much room is left.");
        Text(
            "TokenRequests",
            item => item.Spec?.TokenRequests is { } requests ? string.Join(',', requests.Select(r => r.Audience)) : "<unset>",
            "For whom the driver needs tokens.");
        Flag("RequiresRepublish", item => item.Spec?.RequiresRepublish, "Whether volumes are published again and again.");
        Text("Modes", item => CellTexts.OrNone(string.Join(',', item.Spec?.VolumeLifecycleModes ?? [])), "Kinds of volumes the driver supports.");
        Age();
    }
}
