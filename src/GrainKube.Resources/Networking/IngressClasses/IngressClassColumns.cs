using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Networking.IngressClasses;

internal sealed class IngressClassColumns : KindColumns<V1IngressClass>
{
    public IngressClassColumns()
    {
        Name();
        Text("Controller", item => item.Spec?.Controller, "Controller that is responsible for handling this class");
        Text("Parameters", Parameters, "A reference to a resource with additional parameters");
        Age();
    }

    private static string Parameters(V1IngressClass item) => item.Spec?.Parameters is not { } parameters ? CellTexts.None
        : string.IsNullOrEmpty(parameters.ApiGroup) ? $"{parameters.Kind}/{parameters.Name}" : $"{parameters.Kind}.{parameters.ApiGroup}/{parameters.Name}";
}
