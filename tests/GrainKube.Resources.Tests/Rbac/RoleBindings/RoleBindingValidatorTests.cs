using Xunit;

namespace GrainKube.Resources.Tests.Rbac.RoleBindings;

public sealed class RoleBindingValidatorTests
{
    private const string Resource = "rolebindings.rbac.authorization.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"ann","apiGroup":"rbac.authorization.k8s.io"},{"kind":"ServiceAccount","name":"default"}]}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"roleRef":{"apiGroup":"x","kind":"Pod","name":""}}""", "roleRef.apiGroup: Unsupported value: \"x\": supported values: \"rbac.authorization.k8s.io\"", "roleRef.kind: Unsupported value: \"Pod\": supported values: \"Role\", \"ClusterRole\"", "roleRef.name: Required value")]
    [InlineData("""{"metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"Robot","name":"x"},{"kind":"User","name":""},{"kind":"ServiceAccount","name":"A","apiGroup":"y"}]}""", "subjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"", "subjects[1].name: Required value", "subjects[2].apiGroup: Unsupported value: \"y\": supported values: \"\"", "subjects[2].name: Invalid value: \"A\": a lowercase RFC 1123 subdomain")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"}}""", """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"}}""", "roleRef: Invalid value: {\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"edit\"}: cannot change roleRef")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
