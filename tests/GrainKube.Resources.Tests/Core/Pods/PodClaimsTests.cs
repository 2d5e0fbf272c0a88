using GrainKube.Resources.Core.Pods;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public class PodClaimsTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"spec":{}}""", "")]
    [InlineData("""{"spec":{"volumes":null}}""", "")]
    [InlineData("""{"spec":{"volumes":[{"name":"a","emptyDir":{}},{"name":"b","secret":{"secretName":"s","items":[{"key":"claimName","path":"p"}]}}]}}""", "")]
    [InlineData("""{"spec":{"volumes":[{"name":"a","persistentVolumeClaim":{"readOnly":true,"claimName":"data"}}]}}""", "data")]
    [InlineData("""{"spec":{"volumes":[{"persistentVolumeClaim":{"claimName":"data"},"name":"a"},{"name":"b","persistentVolumeClaim":{"claimName":"data"}}]}}""", "data")]
    [InlineData("""{"spec":{"volumes":[{"ephemeral":{"volumeClaimTemplate":{"spec":{"volumeName":"name"}}},"name":"scratch"},{"name":"c","persistentVolumeClaim":{"claimName":"more"}}]}}""", "one-scratch more")]
    public void A_pod_names_its_claims_in_their_order_and_each_once(string pod, string claims) =>
        Assert.Equal(claims, string.Join(' ', PodClaims.Of(Sample.Of("pods", pod))));
}
