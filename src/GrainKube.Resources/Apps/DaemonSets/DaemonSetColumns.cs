using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Apps.DaemonSets;

internal sealed class DaemonSetColumns : KindColumns<V1DaemonSet>
{
    public DaemonSetColumns()
    {
        Name();
        Number("Desired", item => item.Status?.DesiredNumberScheduled, "How many nodes should run the pod.");
        Number("Current", item => item.Status?.CurrentNumberScheduled, "How many of them do.");
        Number("Ready", item => item.Status?.NumberReady, "On how many of them it is ready.");
        Number("Up-to-date", item => item.Status?.UpdatedNumberScheduled, "On how many it is of the newest template.");
        Number("Available", item => item.Status?.NumberAvailable, "On how many it has been ready long enough.");
        Text("Node Selector", item => CellTexts.Labels(item.Spec?.Template?.Spec?.NodeSelector), "Labels of the nodes that run the pod.");
        Age();
        WideText("Containers", item => CellTexts.ContainerNames(item.Spec?.Template), "Names of each container in the template.");
        WideText("Images", item => CellTexts.ContainerImages(item.Spec?.Template), "Images referenced by each container in the template.");
        WideText("Selector", item => CellTexts.Selector(item.Spec?.Selector), "Which pods belong to it.");
    }
}
