#!/usr/bin/python3
import package.module
