using Xunit;

namespace GrainKube.Resources.Tests.Rbac.ClusterRoleBindings;

public sealed class ClusterRoleBindingValidatorTests
{
    private const string Resource = "clusterrolebindings.rbac.authorization.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"view"},"subjects":[{"kind":"ServiceAccount","name":"x"}]}""", "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"", "subjects[0].namespace: Required value")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);
}
