using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Apps.ControllerRevisions;

internal sealed class ControllerRevisionColumns : KindColumns<V1ControllerRevision>
{
    public ControllerRevisionColumns()
    {
        Name();
        Text("Controller", Controller, "Controller of the object");
        Count("Revision", item => item.Revision, "Which in the controller's history it is.");
        Age();
    }

    /// <summary>For example <c>statefulset.apps/web</c>.</summary>
    private static string Controller(V1ControllerRevision item)
    {
        if (item.Metadata?.OwnerReferences?.FirstOrDefault(o => o.Controller == true) is not { } owner)
        {
            return CellTexts.None;
        }

        var group = owner.ApiVersion.Contains('/') ? $".{owner.ApiVersion[..owner.ApiVersion.IndexOf('/')]}" : "";
        return $"{owner.Kind.ToLowerInvariant()}{group}/{owner.Name}";
    }
}
