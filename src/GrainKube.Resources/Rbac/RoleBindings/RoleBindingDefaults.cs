using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Rbac.RoleBindings;

internal sealed class RoleBindingDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        Subjects.Default(item);
    }
}
