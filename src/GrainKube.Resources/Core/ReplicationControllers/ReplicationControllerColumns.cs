using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.ReplicationControllers;

internal sealed class ReplicationControllerColumns : KindColumns<V1ReplicationController>
{
    public ReplicationControllerColumns()
    {
        Name();
        Number("Desired", item => item.Spec?.Replicas, "How many pods are wanted.");
        Number("Current", item => item.Status?.Replicas, "How many pods there are.");
        Number("Ready", item => item.Status?.ReadyReplicas, "How many of them are ready.");
        Age();
        WideText("Containers", item => CellTexts.ContainerNames(item.Spec?.Template), "Names of each container in the template.");
        WideText("Images", item => CellTexts.ContainerImages(item.Spec?.Template), "Images referenced by each container in the template.");
        WideText("Selector", item => CellTexts.Labels(item.Spec?.Selector), "Which pods belong to it.");
    }
}
