using System.Text;
using GrainKube.Kubelet.Images;
using k8s.Models;

namespace GrainKube.Kubelet.Tests.Images;

public sealed class PullSecretsTests
{
    [Theory]
    [InlineData("nginx", "docker.io/library/nginx")]
    [InlineData("me/app:1", "docker.io/me/app")]
    [InlineData("registry.example.com:5000/a/b:1@sha256:0123456789abcdef0123456789abcdef", "registry.example.com:5000/a/b")]
    [InlineData("localhost/x", "localhost/x")]
    public void References_lead_to_repositories(string reference, string repository) => Assert.Equal(repository, ImageReference.RepositoryOf(reference));

    [Theory]
    [InlineData("nginx", true)]
    [InlineData("registry.example.com:5000/a/b:v1.2_3", true)]
    [InlineData("Nginx", false)]
    [InlineData("a b", false)]
    [InlineData("nginx:", false)]
    [InlineData("", false)]
    public void References_are_checked(string reference, bool valid) => Assert.Equal(valid, ImageReference.IsValid(reference));

    [Theory]
    [InlineData("registry.example.com", "registry.example.com/a", true)]
    [InlineData("registry.example.com/team", "registry.example.com/team/a", true)]
    [InlineData("registry.example.com/team", "registry.example.com/teams/a", false)]
    [InlineData("index.docker.io", "docker.io/library/nginx", true)]
    [InlineData("*.example.com", "r.example.com/a", true)]
    [InlineData("*.example.com", "a.b.example.com/a", false)]
    public void Credentials_match_by_registry_and_path(string key, string repository, bool matches) => Assert.Equal(matches, PullSecrets.Matches(key, repository));

    [Fact]
    public void A_docker_config_is_read()
    {
        var auth = Convert.ToBase64String("me:pa:ss"u8);
        var secret = new V1Secret
        {
            Type = "kubernetes.io/dockerconfigjson",
            Data = new Dictionary<string, byte[]>
            {
                [".dockerconfigjson"] = Encoding.UTF8.GetBytes("""{"auths":{"https://index.docker.io/v1/":{"auth":"AUTH"},"r.io":{"username":"u","password":"p"}}}""".Replace("AUTH", auth, StringComparison.Ordinal)),
            },
        };
        var read = PullSecrets.Read(secret).ToDictionary(p => p.Key, p => p.Credentials);
        Assert.Equal(("me", "pa:ss"), (read["index.docker.io"].Username, read["index.docker.io"].Password));
        Assert.Equal(("u", "p"), (read["r.io"].Username, read["r.io"].Password));
    }

    [Fact]
    public void A_malformed_secret_is_as_good_as_none() => Assert.Empty(PullSecrets.Read(new V1Secret
    {
        Type = "kubernetes.io/dockerconfigjson",
        Data = new Dictionary<string, byte[]> { [".dockerconfigjson"] = "nonsense"u8.ToArray() },
    }));
}
