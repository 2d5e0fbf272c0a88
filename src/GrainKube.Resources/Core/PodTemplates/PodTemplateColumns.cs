using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.PodTemplates;

internal sealed class PodTemplateColumns : KindColumns<V1PodTemplate>
{
    public PodTemplateColumns()
    {
        Name();
        Text("Containers", item => CellTexts.ContainerNames(item.Template), "Names of each container in the template.");
        Text("Images", item => CellTexts.ContainerImages(item.Template), "Images referenced by each container in the template.");
        Text("Pod Labels", item => CellTexts.Labels(item.Template?.Metadata?.Labels), "The labels for the pod template.");
    }
}
