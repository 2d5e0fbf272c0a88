using Xunit;

namespace GrainKube.Resources.Tests.Rbac.Roles;

public sealed class RoleValidatorTests
{
    private const string Resource = "roles.rbac.authorization.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"rules":[{"verbs":[]}]}""", "rules[0].apiGroups: Required value: resource rules must supply at least one api group", "rules[0].resources: Required value: resource rules must supply at least one resource", "rules[0].verbs: Required value: verbs must contain at least one value")]
    [InlineData("""{"metadata":{"name":"one"},"rules":[{"verbs":["get"],"nonResourceURLs":["/x"],"resources":["pods"]}]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: rules cannot apply to both regular resources and non-resource URLs")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);
}
