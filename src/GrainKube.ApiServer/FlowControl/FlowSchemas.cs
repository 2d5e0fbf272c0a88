using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;
using k8s.Models;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>A FlowSchema whose level is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Shown to clients in place of its name, which is nobody's business.</param>
/// <param name="Precedence">The lower is asked first.</param>
/// <param name="Distinguisher"><c>ByUser</c>, <c>ByNamespace</c> or empty.</param>
/// <param name="Rules">Which requests it is about.</param>
/// <param name="Level">Where they take their seats.</param>
/// <param name="LevelUid">Shown to clients, too.</param>
internal sealed record FlowSchema(string Name, string Uid, int Precedence, string Distinguisher, IList<V1PolicyRulesWithSubjects>? Rules, PriorityLevel Level, string LevelUid)
{
    public FlowIdentity FlowOf(UserInfo user, RequestInfo request) =>
        new(Name, Distinguisher switch { "ByUser" => user.Name, "ByNamespace" => request.Namespace, _ => "" });
}

/// <summary>All FlowSchemas at one moment, in the order in which they are asked.</summary>
internal sealed class FlowSchemas(IEnumerable<FlowSchema> schemas)
{
    private readonly FlowSchema[] inOrder = [.. schemas.OrderBy(s => s.Precedence).ThenBy(s => s.Name, StringComparer.Ordinal)];

    /// <summary>The first that fits; the last (<c>catch-all</c>) takes the rest.</summary>
    public FlowSchema Of(UserInfo user, RequestInfo request)
    {
        foreach (var schema in inOrder)
        {
            if (FlowRules.Match(schema.Rules, user, request))
            {
                return schema;
            }
        }

        return inOrder[^1];
    }
}
