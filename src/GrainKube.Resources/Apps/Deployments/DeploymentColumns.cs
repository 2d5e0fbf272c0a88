using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Apps.Deployments;

internal sealed class DeploymentColumns : KindColumns<V1Deployment>
{
    public DeploymentColumns()
    {
        Name();
        Text(
            "Ready",
            item => string.Create(CultureInfo.InvariantCulture, $"{item.Status?.ReadyReplicas ?? 0}/{item.Spec?.Replicas ?? 0}"),
            "Number of the pod with ready state");
        Count("Up-to-date", item => item.Status?.UpdatedReplicas, "How many pods are of the newest template.");
        Count("Available", item => item.Status?.AvailableReplicas, "How many pods have been ready long enough.");
        Age();
        WideText("Containers", item => CellTexts.ContainerNames(item.Spec?.Template), "Names of each container in the template.");
        WideText("Images", item => CellTexts.ContainerImages(item.Spec?.Template), "Images referenced by each container in the template.");
        WideText("Selector", item => CellTexts.Selector(item.Spec?.Selector), "Which pods belong to it.");
    }
}
