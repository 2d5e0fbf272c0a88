using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Apps.StatefulSets;

internal sealed class StatefulSetColumns : KindColumns<V1StatefulSet>
{
    public StatefulSetColumns()
    {
        Name();
        Text(
            "Ready",
            item => string.Create(CultureInfo.InvariantCulture, $"{item.Status?.ReadyReplicas ?? 0}/{item.Spec?.Replicas ?? 0}"),
            "Number of the pod with ready state");
        Age();
        WideText("Containers", item => CellTexts.ContainerNames(item.Spec?.Template), "Names of each container in the template.");
        WideText("Images", item => CellTexts.ContainerImages(item.Spec?.Template), "Images referenced by each container in the template.");
    }
}
