using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Security.Rbac;

namespace GrainKube.Security.Tests.Rbac;

/// <summary>An index filled from short texts.</summary>
internal sealed class RbacWorld
{
    public RbacIndex Index { get; } = new();

    public static UserInfo User(string name, params string[] groups) => new() { Name = name, Groups = groups };

    public RbacWorld Role(string ns, string name, params PolicyRule[] rules) => Put(
        ns.Length == 0 ? RoleReference.ClusterRoles : RoleReference.Roles,
        ns,
        name,
        new JsonObject { ["rules"] = new JsonArray([.. rules.Select(r => (JsonNode)r.ToJson())]) });

    public RbacWorld Bind(string ns, string name, string roleKind, string role, params (string Kind, string Namespace, string Name)[] subjects) => Put(
        ns.Length == 0 ? RoleReference.ClusterRoleBindings : RoleReference.RoleBindings,
        ns,
        name,
        new JsonObject
        {
            ["roleRef"] = new JsonObject { ["apiGroup"] = RoleReference.Group, ["kind"] = roleKind, ["name"] = role },
            ["subjects"] = new JsonArray([.. subjects.Select(s => (JsonNode)new JsonObject { ["kind"] = s.Kind, ["namespace"] = s.Namespace, ["name"] = s.Name })]),
        });

    public void Unbind(string ns, string name) => Index.Remove(Key(ns.Length == 0 ? RoleReference.ClusterRoleBindings : RoleReference.RoleBindings, ns, name));

    public AccessDecision Ask(UserInfo user, string verb, string resource, string ns = "", string name = "", string group = "")
    {
        var parts = resource.Split('/');
        return Index.Decide(new AccessAttributes
        {
            User = user, Verb = verb, ApiGroup = group, Resource = parts[0], Subresource = parts.Length > 1 ? parts[1] : "", Namespace = ns, Name = name,
        });
    }

    public AccessDecision AskPath(UserInfo user, string verb, string path) => Index.Decide(new AccessAttributes { User = user, Verb = verb, IsResource = false, Path = path });

    private static ObjectKey Key(GroupResource resource, string ns, string name) => new(resource.Group, resource.Resource, ns, name);

    private RbacWorld Put(GroupResource resource, string ns, string name, JsonObject item)
    {
        var header = new ObjectHeader { ApiVersion = "rbac.authorization.k8s.io/v1", Kind = "", Name = name, Namespace = ns, Uid = "", Revision = 1 };
        Index.Put(new KubeObject(Key(resource, ns, name), header, Encoding.UTF8.GetBytes(item.ToJsonString())));
        return this;
    }
}
