// Makes the calls of a container runtime by the library that runtimes make them with, so that somebody else's parser
// judges the answers.
//
//	libcni ADD|DEL|CHECK|STATUS|GC|VERSION
//
// Settings are environment variables: JUDGE_PLUGINS (folder), JUDGE_CONFLIST (file), JUDGE_CACHE (folder, where the library
// keeps results between calls), JUDGE_CONTAINER, JUDGE_NETNS, JUDGE_ARGS (NAME=value;...), JUDGE_CAPABILITIES (JSON object),
// JUDGE_VALID (containers that GC leaves, with commas between). Standard output is what the library made of the
// answer, as JSON; of ADD it is the result as the plugin's version has it and as the newest one has it. Exit status 1: the call failed,
// and standard output is the error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/invoke"
	"github.com/containernetworking/cni/pkg/types"
	newest "github.com/containernetworking/cni/pkg/types/100"
)

func main() {
	said, err := call(os.Args[1])
	if err != nil {
		var refusal *types.Error
		if errors.As(err, &refusal) {
			said = map[string]any{"code": refusal.Code, "msg": refusal.Msg, "details": refusal.Details}
		} else {
			said = map[string]any{"code": -1, "msg": err.Error()}
		}
	}
	if said != nil {
		text, failed := json.Marshal(said)
		if failed != nil {
			panic(failed)
		}
		fmt.Println(string(text))
	}
	if err != nil {
		os.Exit(1)
	}
}

func call(verb string) (any, error) {
	ctx := context.Background()
	plugins := os.Getenv("JUDGE_PLUGINS")
	if verb == "VERSION" {
		versions, err := invoke.GetVersionInfo(ctx, filepath.Join(plugins, "ledgerway-cni"), nil)
		if err != nil {
			return nil, err
		}
		return versions.SupportedVersions(), nil
	}
	list, err := libcni.ConfListFromFile(os.Getenv("JUDGE_CONFLIST"))
	if err != nil {
		return nil, err
	}
	cni := libcni.NewCNIConfigWithCacheDir([]string{plugins}, os.Getenv("JUDGE_CACHE"), nil)
	runtime, err := runtimeConf()
	if err != nil {
		return nil, err
	}
	switch verb {
	case "ADD":
		result, err := cni.AddNetworkList(ctx, list, runtime)
		if err != nil {
			return nil, err
		}
		converted, err := newest.NewResultFromResult(result)
		if err != nil {
			return nil, err
		}
		return map[string]any{"version": result.Version(), "result": result, "newest": converted}, nil
	case "DEL":
		return nil, cni.DelNetworkList(ctx, list, runtime)
	case "CHECK":
		return nil, cni.CheckNetworkList(ctx, list, runtime)
	case "STATUS":
		return nil, cni.GetStatusNetworkList(ctx, list)
	case "GC":
		valid := []types.GCAttachment{}
		for _, container := range strings.Split(os.Getenv("JUDGE_VALID"), ",") {
			if container != "" {
				valid = append(valid, types.GCAttachment{ContainerID: container, IfName: "eth0"})
			}
		}
		return nil, cni.GCNetworkList(ctx, list, &libcni.GCArgs{ValidAttachments: valid})
	}
	return nil, fmt.Errorf("there is no verb %s", verb)
}

func runtimeConf() (*libcni.RuntimeConf, error) {
	conf := &libcni.RuntimeConf{
		ContainerID: os.Getenv("JUDGE_CONTAINER"),
		NetNS:       os.Getenv("JUDGE_NETNS"),
		IfName:      "eth0",
	}
	for _, pair := range strings.Split(os.Getenv("JUDGE_ARGS"), ";") {
		if name, value, found := strings.Cut(pair, "="); found {
			conf.Args = append(conf.Args, [2]string{name, value})
		}
	}
	if text := os.Getenv("JUDGE_CAPABILITIES"); text != "" {
		if err := json.Unmarshal([]byte(text), &conf.CapabilityArgs); err != nil {
			return nil, err
		}
	}
	return conf, nil
}
