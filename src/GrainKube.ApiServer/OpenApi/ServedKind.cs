using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>A kind in one of its versions, with the names it has in schemas.</summary>
internal sealed record ServedKind(ResourceDefinition Definition, ServedVersion Version)
{
    public string Group => Version.Group;

    public string Kind => Definition.Names.Kind;

    /// <summary><c>/api/v1</c> or <c>/apis/apps/v1</c>.</summary>
    public string Root => Group.Length == 0 ? $"/api/{Version.Version}" : $"/apis/{Group}/{Version.Version}";

    /// <summary><c>io.k8s.api.apps.v1.Deployment</c>; custom kinds turn their group round.</summary>
    public string Name => Version.Schema.DefinitionName ?? $"{string.Join('.', Group.Split('.').Reverse())}.{Version.Version}.{Kind}";

    public string ListName => $"{Name[..Name.LastIndexOf('.')]}.{Definition.Names.ListKind}";
}
