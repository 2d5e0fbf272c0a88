using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Rbac.ClusterRoleBindings;

internal sealed class ClusterRoleBindingDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        Subjects.Default(item);
    }
}
